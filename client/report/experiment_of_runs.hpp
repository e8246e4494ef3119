#pragma once

#include "client/record/experiment_result.hpp"
#include "client/record/load_result.hpp"
#include "common/result.hpp"

#include <string>
#include <vector>

namespace waitlab::client {

/// Whether two loads can be drawn over one axis: rates and connections can't. The Failure names both.
Result<void> expect_same_loop(const std::string& one_name, Loop one, const std::string& other_name, Loop other);

/// Results of single runs as an experiment that made them, at least one: its targets are their URLs, its levels their
/// rates or connections, its repeats those of the same URL and level. Nothing of a server is in it. Failure if some are
/// of an open and some of a closed loop, which have no axis in common.
Result<ExperimentResult> experiment_of(const std::vector<NamedResult>& runs);

}  // namespace waitlab::client
