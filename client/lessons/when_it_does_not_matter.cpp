#include "client/lessons/when_it_does_not_matter.hpp"

#include "client/experiment/server_program.hpp"
#include "client/lessons/lessons.hpp"
#include "client/lessons/measure.hpp"
#include "client/lessons/target_cells.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace waitlab::client {
namespace {

constexpr double equivalent_from = 0.9;
constexpr double equivalent_to = 1.1;

constexpr const char* compared_with = "event-loop";

// The holds are constant, so that a run of a second has a median worth comparing.
constexpr const char* idle_experiment = R"({{
  "name": "lesson",
  "targets": [{}],
  "backend": {{"profile": {{"delay": {{"distribution": "fixed", "value": "50ms"}}, "seed": 1}}}},
  "load": {{"rates": [20], "duration": "{}ms", "warmup": "50ms", "timeout": "2s"}},
  "repeats": {}, "retries": 0
}})";

constexpr std::array<LessonAnswer, 3> idle_answers{{
    {"same", "no: the medians of all lie within 10 % of each other's"},
    {"differ", "yes: one at least is more than 10 % faster or slower"},
    {"unknown", "so short a measurement cannot tell"},
}};

/// The strategies that the server knows, the one that all are compared with first.
Result<std::vector<std::string>> strategies_to_compare(const LessonSetting& setting) {
  const auto known = ask_strategies(setting.programs.server);
  if (!known) return known.error();
  std::vector<std::string> names{compared_with};
  for (const auto& [name, facts] : *known) {
    if (name != compared_with) names.push_back(name);
  }
  return names;
}

std::string idle_experiment_text(const std::vector<std::string>& strategies, bool quick) {
  std::string targets;
  for (const std::string& strategy : strategies) {
    targets += fmt::format(R"({}{{"name": "{}", "server": {{"strategy": "{}"}}}})", targets.empty() ? "" : ", ",
                           strategy, strategy);
  }
  return fmt::format(idle_experiment, targets, quick ? 300 : 400, quick ? 3 : 4);
}

std::string interval_of(const Estimate& ratio) {
  const auto end = [](const std::optional<double>& bound) { return bound ? fmt::format("{:.2f}", *bound) : "?"; };
  return fmt::format("{:.2f} [{} to {}]", ratio.value, end(ratio.low), end(ratio.high));
}

bool is_within(const Estimate& ratio) {
  return ratio.low && ratio.high && *ratio.low >= equivalent_from && *ratio.high <= equivalent_to;
}

bool is_outside(const Estimate& ratio) {
  return ratio.differs_from(equivalent_from) && ratio.differs_from(equivalent_to) &&
         (ratio.value > equivalent_to || ratio.value < equivalent_from);
}

std::string ratios_text(const std::vector<StrategyRatio>& ratios) {
  if (ratios.empty()) return "";
  std::string text = fmt::format("The median beside that of {}, with its 95 % interval:\n", compared_with);
  for (const StrategyRatio& one : ratios) {
    text += fmt::format("  {:<22}{}{}\n", one.strategy, interval_of(one.ratio),
                        is_within(one.ratio)    ? ""
                        : is_outside(one.ratio) ? "  outside of 0.90 to 1.10"
                                                : "  too wide to tell");
  }
  return text;
}

/// Its p50 in each repeat; none where no run is valid, as no figure of another kind of run is to be compared.
std::map<unsigned, double> valid_medians(const Cell& cell) {
  return cell[Metric::p50] && cell.valid ? cell[Metric::p50]->by_repeat : std::map<unsigned, double>{};
}

Result<LessonOutcome> run_when_it_does_not_matter(const LessonSetting& setting) {
  const auto strategies = strategies_to_compare(setting);
  if (!strategies) return strategies.error();
  const auto result = run_experiment_of(setting, idle_experiment_text(*strategies, setting.quick));
  if (!result) return result.error();
  return equivalence_outcome(*result);
}

}  // namespace

std::vector<StrategyRatio> ratios_to_first(
    const std::vector<std::pair<std::string, std::map<unsigned, double>>>& p50_by_repeat) {
  std::vector<StrategyRatio> ratios;
  for (std::size_t index = 1; index < p50_by_repeat.size(); ++index) {
    std::vector<double> these;
    std::vector<double> first;
    for (const auto& [repeat, p50] : p50_by_repeat[index].second) {
      const auto other = p50_by_repeat.front().second.find(repeat);
      if (other == p50_by_repeat.front().second.end()) continue;
      these.push_back(p50);
      first.push_back(other->second);
    }
    if (these.size() >= 2) ratios.push_back({p50_by_repeat[index].first, paired_ratio(these, first)});
  }
  return ratios;
}

std::string answer_of_equivalence(std::span<const StrategyRatio> ratios, std::size_t expected) {
  if (std::ranges::any_of(ratios, is_outside, &StrategyRatio::ratio)) return "differ";
  return ratios.size() == expected && std::ranges::all_of(ratios, is_within, &StrategyRatio::ratio) ? "same"
                                                                                                    : "unknown";
}

std::string equivalence_sentences(std::span<const StrategyRatio> ratios, std::size_t expected) {
  const std::string answer = answer_of_equivalence(ratios, expected);
  if (answer == "same")
    return "Every interval lies within 10 % of 1, so this is more than a difference that was not found: one of more "
           "than 10 % in the median would have shown. At 20 requests a second, one request is there on average, and "
           "whoever waits for it, nothing queues. Take the strategy whose code is the easiest to read.";
  if (answer == "differ") {
    std::string text = "Here not all are alike, though at 20 requests a second nothing queues under any strategy:";
    for (const StrategyRatio& one : ratios) {
      if (is_outside(one.ratio))
        text +=
            fmt::format(" the median of {} is {:.2f} times that of {}.", one.strategy, one.ratio.value, compared_with);
    }
    return text + " Think of whether users would notice, before you choose by it.";
  }
  const auto within = std::ranges::count_if(ratios, is_within, &StrategyRatio::ratio);
  return fmt::format(
      "Known to lie within 10 % of 1: {} of the {} ratios; known to lie outside: none. That is no proof that the "
      "others do not matter: their intervals are too wide, or too few of their runs are valid. More repeats, or a "
      "quieter machine, would tell.",
      within, expected);
}

LessonOutcome equivalence_outcome(const ExperimentResult& result) {
  const TargetCells cells(result);
  std::vector<std::pair<std::string, std::map<unsigned, double>>> medians;
  LessonOutcome outcome;
  for (const ExperimentTarget& target : result.targets) {
    const Cell& cell = cells[target.name];
    outcome.figures.push_back({fmt::format("p50, {}", target.name),
                               "s",
                               time_reading(std::chrono::milliseconds(50)),
                               {},
                               reading_of_time(median_time(cell, Metric::p50))});
    medians.emplace_back(target.name, valid_medians(cell));
  }
  const auto ratios = ratios_to_first(medians);
  const std::size_t expected = medians.size() - 1;
  outcome.answer = result.interrupted ? "" : answer_of_equivalence(ratios, expected);
  outcome.trace = ratios_text(ratios);
  outcome.conclusion = equivalence_sentences(ratios, expected);
  outcome.missing = cells.troubles();
  for (const auto& [strategy, p50] : medians) {
    if (strategy != compared_with && std::ranges::find(ratios, strategy, &StrategyRatio::strategy) == ratios.end())
      outcome.missing.push_back(
          fmt::format("two repeats in which both {} and {} have a valid run, so that they could be compared.", strategy,
                      compared_with));
  }
  return outcome;
}

const Lesson when_it_does_not_matter_lesson{
    .name = "when-it-does-not-matter",
    .idea = "at a low rate any strategy will do",
    .takes = std::chrono::seconds(32),
    .introduction =
        "20 requests arrive each second, and each waits 50 ms for a backend: one request is there at a time, on "
        "average. The server waits in each of the ways it knows: event loops, fibers, threads, a process for each "
        "request. All get the same arrivals, several times over.",
    .question = "Do their median response times differ by more than 10 %?",
    .answers = idle_answers,
    .how_it_lies =
        "Too few repeats look like equality: whoever measures badly enough finds no difference anywhere. So ask for "
        "the interval of the ratio: only if all of it lies near 1 are two things known to be alike.",
    .try_next = "waitlab-client experiment no-difference: with waits that vary, and the p99.",
    .experiment = "no-difference",
    .run = run_when_it_does_not_matter,
};

}  // namespace waitlab::client
