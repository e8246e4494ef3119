#include "client/report/passing.hpp"

#include "client/report/wording.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <vector>

namespace waitlab::client {
namespace {

/// A target of a sweep over one number.
struct SweptCell {
  double value = 0;
  std::string text;  ///< as the file has it
  const Cell* cell = nullptr;
};

std::optional<double> number_in(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

/// The setting that it sweeps, and the values in ascending order; without a setting: there is no such sweep, or
/// several.
struct NumberSweep {
  std::string key;
  std::vector<SweptCell> cells;
};

NumberSweep number_sweep(const ExperimentResult& result, const LevelGroup& group) {
  NumberSweep sweep;
  std::string family;
  for (const Cell& cell : group.cells) {
    const ExperimentTarget& target = result.targets[cell.target];
    if (target.sweep.empty()) continue;
    const std::string& word = target.sweep.front();
    const std::string key = word.substr(0, word.find('='));
    const std::string text = word.substr(word.find('=') + 1);
    const auto value = number_in(text);
    const bool other = !sweep.key.empty() && (key != sweep.key || target.family != family);
    if (target.sweep.size() > 1 || !value || other) return {};
    sweep.key = key;
    family = target.family;
    sweep.cells.push_back({.value = *value, .text = text, .cell = &cell});
  }
  std::ranges::sort(sweep.cells, {}, &SweptCell::value);
  return sweep.cells.size() < 2 ? NumberSweep{} : sweep;
}

/// "3 of 3 runs", "2 of 2 runs, 1 missing or not valid", "not judged".
std::string runs_text(const ExperimentResult& result, const Cell& cell) {
  if (!cell.passed) return "not judged";
  const std::string text = fmt::format("{} of {} run{}", *cell.passed, cell.runs, cell.runs == 1 ? "" : "s");
  return cell.runs < result.repeats ? fmt::format("{}, {} missing or not valid", text, result.repeats - cell.runs)
                                    : text;
}

/// The same with what was missed.
std::string miss_text(const ExperimentResult& result, const Cell& cell) {
  const std::string text = runs_text(result, cell);
  return cell.first_miss.empty() ? text : fmt::format("{}; {}", text, cell.first_miss);
}

/// The last word of a key: "threads" of "strategies.fixed-pool.threads".
std::string short_key(const std::string& key) {
  std::string word = key.substr(key.rfind('.') + 1);
  std::ranges::replace(word, '_', ' ');
  return word;
}

std::string tell_smallest(const ExperimentResult& result, const NumberSweep& sweep) {
  const auto passing = [](const SweptCell& one) { return passes(*one.cell); };
  const auto smallest = std::ranges::find_if(sweep.cells, passing);
  const std::string key = short_key(sweep.key);
  if (smallest == sweep.cells.end()) {
    const SweptCell& largest = sweep.cells.back();
    return fmt::format("none of the {} values of {} passes ({}: {})", sweep.cells.size(), key, largest.text,
                       miss_text(result, *largest.cell));
  }
  std::string text = fmt::format("the smallest value of {} that passes is {} ({}", key, smallest->text,
                                 runs_text(result, *smallest->cell));
  if (smallest != sweep.cells.begin()) {
    const SweptCell& below = *(smallest - 1);
    text += fmt::format("; {}: {}", below.text, runs_text(result, *below.cell));
  }
  text += ')';
  std::vector<std::string> failing;
  for (auto larger = smallest + 1; larger != sweep.cells.end(); ++larger) {
    if (!passing(*larger)) failing.push_back(fmt::format("{} ({})", larger->text, runs_text(result, *larger->cell)));
  }
  if (!failing.empty()) text += fmt::format(", but not every larger one does: {}", enumerate(failing));
  return text;
}

/// "a (3 of 3 runs) and b (3 of 3 runs) pass; c (1 of 3 runs; p99<200ms: 231 ms) does not".
std::string tell_each(const ExperimentResult& result, const std::vector<const Cell*>& cells) {
  std::vector<std::string> passing;
  std::vector<std::string> failing;
  for (const Cell* cell : cells) {
    const std::string& name = result.targets[cell->target].name;
    (passes(*cell) ? passing : failing).push_back(fmt::format("{} ({})", name, miss_text(result, *cell)));
  }
  std::vector<std::string> clauses;
  if (!passing.empty())
    clauses.push_back(fmt::format("{} {}", enumerate(passing), passing.size() == 1 ? "passes" : "pass"));
  if (!failing.empty())
    clauses.push_back(fmt::format("{} {} not", enumerate(failing), failing.size() == 1 ? "does" : "do"));
  return join_clauses(clauses);
}

}  // namespace

bool passes(const Cell& cell) {
  return cell.passed == cell.runs;
}

bool somebody_passes(const ExperimentResult& result, const Comparison& comparison) {
  return result.thresholds.empty() || std::ranges::all_of(comparison, [](const LevelGroup& group) {
           return std::ranges::any_of(group.cells, passes);
         });
}

std::string tell_passing(const ExperimentResult& result, const LevelGroup& group) {
  std::vector<const Cell*> judged;
  for (const Cell& cell : group.cells) {
    if (cell.passed) judged.push_back(&cell);
  }
  if (judged.empty()) return {};
  const NumberSweep sweep = number_sweep(result, group);
  std::vector<std::string> clauses;
  if (!sweep.key.empty()) {
    clauses.push_back(tell_smallest(result, sweep));
    std::erase_if(judged, [&](const Cell* cell) { return !result.targets[cell->target].sweep.empty(); });
  }
  if (!judged.empty()) clauses.push_back(tell_each(result, judged));
  return fmt::format("Held against {}: {}", enumerate(result.thresholds), join_clauses(clauses));
}

std::string tell_certainty_of_passing(const Comparison& comparison) {
  unsigned fewest = 0;
  for (const LevelGroup& group : comparison) {
    for (const Cell& cell : group.cells) {
      if (passes(cell)) fewest = fewest == 0 ? cell.runs : std::min(fewest, cell.runs);
    }
  }
  if (fewest == 0) return {};
  if (fewest == 1) return "One run that passes does not say how often others would.";
  return fmt::format(
      "Passing in {} of {} runs says, at 95 % confidence, that at least {:.0f} % of the runs of a target chosen "
      "beforehand pass.",
      fewest, fewest, std::floor(100 * std::pow(0.05, 1.0 / fewest)));
}

}  // namespace waitlab::client
