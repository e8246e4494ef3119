#pragma once

#include "client/lessons/lesson.hpp"
#include "client/record/experiment_result.hpp"
#include "client/report/ratio.hpp"

#include <map>
#include <span>
#include <string>
#include <vector>

namespace waitlab::client {

/// A strategy's response time beside that of the one that all are compared with.
struct StrategyRatio {
  std::string strategy;
  Estimate ratio;  ///< with its 95 % interval
};

/// The ratios of medians, repeat by repeat, of each strategy to the first; of those with at least two repeats in
/// common with it. In their order.
std::vector<StrategyRatio> ratios_to_first(
    const std::vector<std::pair<std::string, std::map<unsigned, double>>>& p50_by_repeat);

/// The lesson's answer: "same" if every interval lies within 10 % of 1; "differ" if one lies wholly outside; else
/// "unknown", as for a strategy that is not measured. `expected`: how many ratios there should be.
std::string answer_of_equivalence(std::span<const StrategyRatio> ratios, std::size_t expected);

/// What it shows.
std::string equivalence_sentences(std::span<const StrategyRatio> ratios, std::size_t expected);

/// All that the lesson tells of its experiment, whose first target must be `event-loop`. A target without a valid run
/// is compared with none.
LessonOutcome equivalence_outcome(const ExperimentResult& result);

}  // namespace waitlab::client
