#pragma once

#include "client/engine/load_run.hpp"
#include "client/engine/run_course.hpp"
#include "client/record/arrival_fit.hpp"
#include "client/record/load_result.hpp"

#include <optional>
#include <string>
#include <vector>

namespace waitlab::client::fleet {

/// All that a collector knows once a run is over, or once it is sure that it will not begin.
struct FleetRun {
  const LoadOptions& load;
  const RunCourse* course = nullptr;       ///< what the workers told meanwhile; null if the run did not begin
  std::vector<WorkerPart> workers{};       ///< in the order of their shards, or those that had come
  std::optional<ArrivalTally> arrivals{};  ///< of all workers; nothing if one is missing, or of a closed loop
  Gathering gathering{};
  std::string not_begun{};       ///< why it did not begin
  std::string ended_early_by{};  ///< the worker that ended its part by itself, for which the others were stopped
  bool interrupted = false;
  bool aborted = false;
};

/// The result of the whole: what one client would have told that had made the load alone, but that it is not valid if
/// a worker is missing or its part is not valid. Exact: counts, histograms and sums are added up.
LoadResult result_of(FleetRun run);

}  // namespace waitlab::client::fleet
