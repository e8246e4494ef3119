#include "client/experiment/level_list.hpp"

#include "common/json/keys.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <string_view>
#include <vector>

namespace waitlab::client {
namespace {

constexpr std::size_t most_levels = 100;

enum class Spacing { linear, geometric };
constexpr std::array<std::string_view, 2> spacings{"linear", "geometric"};

struct LevelRange {
  LevelForm level{};
  double from = 0;
  double to = 0;
  std::uint64_t steps = 2;
  Spacing spacing = Spacing::linear;
};

void range_keys(auto& visit, LevelRange& range) {
  visit.required("from", range.level, range.from, "The first level");
  visit.required("to", range.level, range.to, "The last level");
  visit.required("steps", form::Count{2, most_levels}, range.steps, "How many levels");
  visit.with_default("spacing", form::Choice{spacings}, range.spacing,
                     "Whether they lie apart by the same difference, or by the same ratio");
  visit.check([&](const JsonPlace& place) {
    if (range.to <= range.from) place["to"].refuse("must be above from");
  });
}

auto range_form(const LevelForm& level) {
  return form::Keys{[level](auto& visit, LevelRange& range) {
    range.level = level;
    range_keys(visit, range);
  }};
}

bool holds(const std::vector<double>& levels, double level) {
  return std::ranges::find(levels, level) != levels.end();
}

std::vector<double> read_list(const JsonPlace& list, const LevelForm& form) {
  std::vector<double> levels;
  for (const JsonPlace& place : list.items()) {
    double level = 0;
    form.read(place, level);
    if (holds(levels, level)) place.refuse(fmt::format("{} is given twice", place.word()));
    levels.push_back(level);
  }
  if (levels.empty() || levels.size() > most_levels) {
    list.refuse(
        fmt::format("must be a list of 1 to {} levels, such as [100, 200]; it has {}", most_levels, levels.size()));
  }
  return levels;
}

double rounded(double level, bool whole) {
  if (whole) return std::round(level);
  const double digit = std::pow(10, std::floor(std::log10(level)) - 2);
  return std::round(level / digit) * digit;
}

std::vector<double> read_range(const JsonPlace& place, const LevelForm& form) {
  LevelRange range;
  range_form(form).read(place, range);
  const auto& [level_form, from, to, steps, spacing] = range;
  std::vector<double> levels;
  for (std::uint64_t step = 0; step < std::min<std::uint64_t>(steps, most_levels); ++step) {
    const double share = static_cast<double>(step) / static_cast<double>(std::max<std::uint64_t>(steps, 2) - 1);
    const double exact = spacing == Spacing::geometric ? from * std::pow(to / from, share) : from + (to - from) * share;
    const double level = rounded(exact, form.whole);
    if (!holds(levels, level)) levels.push_back(level);
  }
  return levels;
}

}  // namespace

void LevelForm::read(const JsonPlace& place, double& level) const {
  level = place.number();
  if (level < lowest || level > highest || (whole && level != std::floor(level))) {
    place.refuse(fmt::format("must be {}, from {:g} to {:.0f}; found {}", words, lowest, highest, place.word()));
  }
}

form::Json LevelForm::schema() const {
  if (whole) return form::Count{static_cast<std::uint64_t>(lowest), static_cast<std::uint64_t>(highest)}.schema();
  return form::Number{.least = lowest, .most = highest}.schema();
}

void LevelList::read(const JsonPlace& place, std::vector<double>& levels) const {
  levels = place.is_object() ? read_range(place, level) : read_list(place, level);
}

form::Json LevelList::list_schema(form::Json& definitions) const {
  form::Json list = form::ListOf{level, 1, most_levels}.schema<std::vector<double>>(definitions);
  list["uniqueItems"] = true;
  return {{"oneOf", {std::move(list), range_form(level).schema<LevelRange>(definitions)}}};
}

}  // namespace waitlab::client
