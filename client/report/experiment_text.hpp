#pragma once

#include "client/record/experiment_result.hpp"
#include "client/report/comparison.hpp"
#include "client/report/verdict.hpp"

#include <string>

namespace waitlab::client {

/// The comparison as text: a block for each level, a line for each target. 80 columns wide unless a target's
/// name needs more. Ends in a newline. What is invalid or missing is marked with ! and explained beneath.
std::string format_table(const ExperimentResult& result, const Comparison& comparison);

/// The experiment as a person reads it in a terminal: the table, how it was made, the verdict. 80 columns wide, ends in
/// a newline.
std::string experiment_text(const ExperimentResult& result, const Comparison& comparison, const Verdict& verdict);

}  // namespace waitlab::client
