#pragma once

#include "client/record/experiment_result.hpp"
#include "client/report/standing.hpp"

#include <string>
#include <vector>

namespace waitlab::client {

/// The experiment in one sentence: up to which level the targets do not differ, which fell behind and where, which kept
/// up and at what cost, with confidence intervals. `standings` holds the levels at which anything can be judged, in the
/// file's order.
std::string headline(const ExperimentResult& result, const std::vector<Standing>& standings);

}  // namespace waitlab::client
