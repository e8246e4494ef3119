#pragma once

#include "client/record/experiment_result.hpp"
#include "client/report/standing.hpp"

#include <string>
#include <vector>

namespace waitlab::client {

/// The experiment in one sentence: where nobody can tell the targets apart, who fell behind and where, who kept up and
/// at what cost, with the uncertainty of what it says. `standings` holds the levels at which anything can be judged, in
/// the file's order.
std::string headline(const ExperimentResult& result, const std::vector<Standing>& standings);

}  // namespace waitlab::client
