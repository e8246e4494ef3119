#pragma once

#include "client/commands/run_arguments.hpp"
#include "client/engine/load_run.hpp"
#include "client/record/load_result.hpp"
#include "common/result.hpp"

#include <functional>

namespace waitlab::client {

/// Puts a load on a server, as `run_load` does.
using MakeRun = std::function<Result<LoadResult>(const LoadOptions&)>;

/// Makes the runs that were asked for, shows how they go, writes the files and the summary, and returns the exit code.
/// A signal ends the run under way, whose part is kept.
int make_runs(const RunArguments& arguments, const MakeRun& make_run);

}  // namespace waitlab::client
