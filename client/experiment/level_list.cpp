#include "client/experiment/level_list.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace waitlab::client {
namespace {

constexpr std::size_t most_levels = 100;

/// What a level of a kind of loop may be.
struct Bounds {
  double lowest;
  double highest;
  bool whole;
  const char* words;
};

constexpr Bounds of_rates{.lowest = 0.001, .highest = 1e6, .whole = false, .words = "requests per second"};
constexpr Bounds of_connections{
    .lowest = 1, .highest = 65'535, .whole = true, .words = "a whole number of connections"};

double read_level(const JsonPlace& place, const Bounds& bounds) {
  const double level = place.number();
  if (level < bounds.lowest || level > bounds.highest || (bounds.whole && level != std::floor(level))) {
    place.refuse(fmt::format("must be {}, from {:g} to {:.0f}; found {}", bounds.words, bounds.lowest, bounds.highest,
                             place.word()));
  }
  return level;
}

bool holds(const std::vector<double>& levels, double level) {
  return std::ranges::find(levels, level) != levels.end();
}

std::vector<double> read_list(const JsonPlace& list, const Bounds& bounds) {
  std::vector<double> levels;
  for (const JsonPlace& place : list.items()) {
    const double level = read_level(place, bounds);
    if (holds(levels, level)) place.refuse(fmt::format("{} is given twice", place.word()));
    levels.push_back(level);
  }
  if (levels.empty() || levels.size() > most_levels) {
    list.refuse(
        fmt::format("must be a list of 1 to {} levels, such as [100, 200]; it has {}", most_levels, levels.size()));
  }
  return levels;
}

double rounded(double level, const Bounds& bounds) {
  if (bounds.whole) return std::round(level);
  const double digit = std::pow(10, std::floor(std::log10(level)) - 2);
  return std::round(level / digit) * digit;
}

bool read_geometric(const JsonPlace& range) {
  if (!range.has("spacing")) return false;
  const std::string spacing = range["spacing"].text();
  if (spacing != "linear" && spacing != "geometric") range["spacing"].refuse("must be \"linear\" or \"geometric\"");
  return spacing == "geometric";
}

std::vector<double> read_range(const JsonPlace& range, const Bounds& bounds) {
  range.allow_only({"from", "to", "steps", "spacing"});
  const double from = read_level(range["from"], bounds);
  const double to = read_level(range["to"], bounds);
  const std::uint64_t steps = range["steps"].count();
  if (steps < 2 || steps > most_levels) range["steps"].refuse(fmt::format("must be from 2 to {}", most_levels));
  if (to <= from) range["to"].refuse("must be above from");
  const bool geometric = read_geometric(range);
  std::vector<double> levels;
  for (std::uint64_t step = 0; step < std::min<std::uint64_t>(steps, most_levels); ++step) {
    const double share = static_cast<double>(step) / static_cast<double>(std::max<std::uint64_t>(steps, 2) - 1);
    const double level = rounded(geometric ? from * std::pow(to / from, share) : from + (to - from) * share, bounds);
    if (!holds(levels, level)) levels.push_back(level);
  }
  return levels;
}

std::vector<double> read(const JsonPlace& place, const Bounds& bounds) {
  return place.is_object() ? read_range(place, bounds) : read_list(place, bounds);
}

}  // namespace

void read_levels(const JsonPlace& load, ExperimentLoad& into) {
  if (load.has("rates") == load.has("connections")) {
    load.refuse(load.has("rates")
                    ? "rates and connections are both given; an open loop has rates, a closed one connections"
                    : "rates is missing, or connections for a closed loop; give it as [100, 200]");
    return;
  }
  into.loop = load.has("rates") ? Loop::open : Loop::closed;
  into.levels = into.loop == Loop::open ? read(load["rates"], of_rates) : read(load["connections"], of_connections);
  if (into.loop == Loop::open) return;
  for (const char* key : {"arrivals", "max_connections"}) {
    if (load.has(key)) load[key].refuse("is of an open loop; connections make a closed one");
  }
}

}  // namespace waitlab::client
