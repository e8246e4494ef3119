#pragma once

#include "client/record/experiment_result.hpp"
#include "client/report/comparison.hpp"
#include "client/report/verdict.hpp"

#include <string>

namespace waitlab::client {

/// The experiment as a person reads it in a terminal: the table, how it was made, the verdict. 80 columns wide, ends in
/// a newline.
std::string experiment_text(const ExperimentResult& result, const Comparison& comparison, const Verdict& verdict);

}  // namespace waitlab::client
