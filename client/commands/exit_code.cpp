#include "client/commands/exit_code.hpp"

#include "client/record/load_result.hpp"

#include <algorithm>

namespace waitlab::client {

ExitCode exit_code_of(const LoadResult& result) {
  if (result.aborted) return exit_threshold_missed;
  if (!result.valid()) return exit_invalid_run;
  const auto met = [](const ThresholdOutcome& outcome) { return outcome.met; };
  return std::all_of(result.thresholds.begin(), result.thresholds.end(), met) ? exit_good : exit_threshold_missed;
}

}  // namespace waitlab::client
