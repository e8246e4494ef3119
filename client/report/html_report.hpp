#pragma once

#include "client/record/experiment_result.hpp"
#include "client/report/comparison.hpp"
#include "client/report/verdict.hpp"

#include <string>

namespace waitlab::client {

/// The experiment as one HTML page that needs nothing else: no scripts, no fonts, no network.
std::string html_report(const ExperimentResult& result, const Comparison& comparison, const Verdict& verdict);

}  // namespace waitlab::client
