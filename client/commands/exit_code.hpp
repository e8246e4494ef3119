#pragma once

namespace waitlab::client {

/// How the program ends.
enum ExitCode : int {
  exit_good = 0,
  exit_could_not_run = 1,
  exit_usage = 2,        ///< a wrong command line or file
  exit_invalid_run = 3,  ///< it ran, but its figures must not be trusted
  exit_threshold_missed = 4,
  exit_theory_differs = 4,  ///< of `check`: a figure is not what theory says
};

struct LoadResult;

/// How a command ends that shows this result. A run that a threshold aborted has missed it, whatever came after; else
/// the thresholds count only if the figures may be trusted.
ExitCode exit_code_of(const LoadResult& result);

}  // namespace waitlab::client
