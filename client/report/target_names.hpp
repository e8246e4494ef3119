#pragma once

#include "client/record/experiment_result.hpp"

#include <string>
#include <vector>

namespace waitlab::client {

/// Some of an experiment's targets by their names: "a, b and c". Three or more in the experiment's order that a sweep
/// over one setting made, without a gap, are told as one: "pool-4 to pool-32". All must point into the
/// same list.
std::string names_of(const std::vector<const ExperimentTarget*>& targets);

}  // namespace waitlab::client
