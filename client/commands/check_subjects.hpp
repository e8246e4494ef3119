#pragma once

#include "client/check/run_logs.hpp"
#include "client/commands/check_command.hpp"
#include "common/result.hpp"

#include <vector>

namespace waitlab::client {

/// The runs that the command line asks to check, with their logs, each log read once. What an experiment's result says
/// of its logs and servers goes before the command line; its paths are taken from the folder of the result. A file that
/// can't be read is a Failure that names it.
Result<std::vector<CheckSubject>> read_check_subjects(const CheckArguments& arguments);

}  // namespace waitlab::client
