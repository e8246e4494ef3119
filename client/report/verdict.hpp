#pragma once

#include "client/record/experiment_result.hpp"
#include "client/report/comparison.hpp"

#include <string>
#include <vector>

namespace waitlab::client {

/// What an experiment's figures say, in sentences.
struct Verdict {
  std::string headline;               ///< the whole of it in a sentence
  std::string uncertainty;            ///< what its brackets mean, or why it has none; empty if nothing was compared
  std::vector<std::string> findings;  ///< a paragraph for each level
};

/// A pure function of the figures. It calls a difference only what is beyond chance (difference.hpp), tells who fell
/// behind by the rule in standing.hpp, and leaves out what is invalid or missing, saying so; the reasons are the cells'
/// troubles.
Verdict judge_experiment(const ExperimentResult& result, const Comparison& comparison);

}  // namespace waitlab::client
