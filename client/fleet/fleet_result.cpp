#include "client/fleet/fleet_result.hpp"

#include "client/engine/load_plan.hpp"
#include "client/judge/validity.hpp"
#include "client/record/utc_now.hpp"
#include "client/report/result_merge.hpp"
#include "common/process/machine.hpp"
#include "common/text/count_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace waitlab::client::fleet {
namespace {

/// Of a run of which no worker has told a result.
LoadResult empty_result(const LoadOptions& load) {
  LoadResult result;
  result.url = load.url;
  result.method = load.method;
  result.timeout = load.timeout;
  result.connections = most_connections(load);
  if (load.open_loop()) result.arrivals = load.arrivals == ArrivalKind::poisson ? "poisson" : "constant";
  result.started_at = utc_now();
  result.machine = describe_machine();
  return result;
}

LoadResult join_parts(const FleetRun& run) {
  std::vector<LoadResult> results;
  for (const WorkerPart& worker : run.workers) {
    if (worker.result) results.push_back(*worker.result);
  }
  return results.empty() ? empty_result(run.load) : join_side_by_side(results);
}

/// What was asked for, whatever the shares add up to of those who told theirs.
void take_load(const LoadOptions& load, LoadResult& whole) {
  whole.command = load.command;
  whole.seed = load.seed;
  whole.offered_rate = mean_rate(load);
  for (std::size_t step = 0; step < whole.steps.size(); ++step) {
    whole.steps[step].from_rate = load.steps[step].from;
    whole.steps[step].to_rate = load.steps[step].to;
  }
}

/// What a shard alone can't tell.
void take_course(const RunCourse& course, LoadResult& whole) {
  course.judge_samples(whole.record);
  for (std::size_t step = 0; step < whole.steps.size(); ++step)
    course.judge_samples(whole.steps[step].record, step);
  whole.timeline = course.timeline();
}

std::string why_lost(const WorkerPart& worker, std::size_t workers) {
  return fmt::format(
      "worker {} was lost: {}. It had sent {} requests, of which {} had ended; what they were is in no figure but the "
      "timeline, and a share of 1 in {} of the load is missing from then on",
      worker.name, worker.lost_because, count_text(static_cast<double>(worker.sent)),
      count_text(static_cast<double>(worker.sent - worker.in_flight)), workers);
}

/// Why the part of a worker must not be trusted, in short; empty if nothing speaks against it. `cut`: the collector
/// stopped it, which the reasons of the whole tell.
std::string why_invalid(const WorkerPart& worker, bool cut) {
  if (!worker.result) return "";
  LoadResult part = *worker.result;
  if (cut) part.interrupted = false;
  const std::vector<std::string> reasons = judge(part);
  if (reasons.empty()) return "";
  const std::string more = reasons.size() > 1 ? fmt::format(" (and {} more reasons)", reasons.size() - 1) : "";
  return fmt::format("worker {}: {}{}", worker.name, reasons.front(), more);
}

/// Of whoever is missing, of the whole, and of each part.
std::vector<std::string> judge_all(const FleetRun& run, const LoadResult& whole) {
  if (!run.not_begun.empty()) return {run.not_begun};
  std::vector<std::string> reasons;
  for (const WorkerPart& worker : run.workers) {
    if (!worker.lost_because.empty()) reasons.push_back(why_lost(worker, run.workers.size()));
  }
  if (!run.ended_early_by.empty())
    reasons.push_back(fmt::format("worker {} was told to end its part before its time", run.ended_early_by));
  const bool cut = !reasons.empty() || run.interrupted || run.aborted;
  LoadResult judged = whole;
  judged.interrupted = run.interrupted;
  std::ranges::copy(judge(judged), std::back_inserter(reasons));
  for (const WorkerPart& worker : run.workers) {
    if (auto reason = why_invalid(worker, cut); !reason.empty()) reasons.push_back(std::move(reason));
  }
  return reasons;
}

}  // namespace

LoadResult result_of(FleetRun run) {
  LoadResult whole = join_parts(run);
  take_load(run.load, whole);
  const bool broken = std::ranges::any_of(run.workers, [](const auto& worker) { return !worker.lost_because.empty(); });
  whole.interrupted = run.interrupted || broken || !run.ended_early_by.empty() || !run.not_begun.empty();
  whole.aborted = run.aborted;
  if (run.course != nullptr) take_course(*run.course, whole);
  if (run.arrivals) whole.arrival_fit = run.arrivals->fit(1e9 / *mean_rate(run.load));
  whole.invalid_because = judge_all(run, whole);
  whole.gathering = std::move(run.gathering);
  whole.workers = std::move(run.workers);
  return whole;
}

}  // namespace waitlab::client::fleet
