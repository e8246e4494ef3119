#pragma once

#include "client/record/experiment_result.hpp"

#include <string>
#include <vector>

namespace waitlab::client {

/// The names of some of an experiment's targets: "a, b and c". Three or more neighbours that a sweep over one setting
/// made are written as a range: "pool-4 … pool-32". All must point into the same list.
std::string names_of(const std::vector<const ExperimentTarget*>& targets);

}  // namespace waitlab::client
