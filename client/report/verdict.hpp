#pragma once

#include "client/record/experiment_result.hpp"
#include "client/report/comparison.hpp"

#include <string>
#include <vector>

namespace waitlab::client {

/// What an experiment's figures say, in sentences.
struct Verdict {
  std::string headline;               ///< the experiment in one sentence
  std::string uncertainty;            ///< what its brackets mean, or why it has none; empty if nothing was compared
  std::vector<std::string> findings;  ///< a paragraph for each level
};

/// A pure function of the figures. It reports a difference only where chance does not explain it (difference.hpp), and
/// says which targets fell behind by the rule in standing.hpp. It leaves out what is invalid or missing and says so;
/// the reasons are the cells' troubles.
Verdict judge_experiment(const ExperimentResult& result, const Comparison& comparison);

}  // namespace waitlab::client
