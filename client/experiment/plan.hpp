#pragma once

#include "client/record/experiment_result.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace waitlab::client {

struct Experiment;

/// One run of load inside a session.
struct PlannedRun {
  std::size_t level = 0;   ///< index into the load's levels
  std::uint64_t seed = 0;  ///< a function of (the load's seed, level, repeat): the same for every target
  bool pictured = false;   ///< whether a picture is taken of what goes on in the server
};

/// One fresh target (several, if one does not come to rest between its runs), and the runs it meets one after the
/// other.
struct PlannedSession {
  std::size_t target = 0;  ///< index into the experiment's targets
  unsigned repeat = 0;     ///< from 0
  std::vector<PlannedRun> runs;
};

/// Every session of the experiment in order: all targets of the first repeat, then all of the second, so that whatever
/// drifts on the machine meets all targets alike. Within a repeat their order is drawn anew, a function of (the order's
/// seed, repeat), if it is shuffled. A session meets the levels in the file's order, so that what a server keeps, such
/// as memory, is of no later level. A picture is taken once of each target: in the last repeat, at the highest level at
/// which single requests can still be told apart in it, if there is one.
std::vector<PlannedSession> plan_sessions(const Experiment& experiment);

/// What of the plan is left once these runs are made.
std::vector<PlannedSession> without(std::vector<PlannedSession> sessions, const std::vector<ExperimentRun>& made);

/// What of the plan made these runs.
std::vector<PlannedSession> only(std::vector<PlannedSession> sessions, const std::vector<ExperimentRun>& made);

std::size_t count_runs(const std::vector<PlannedSession>& sessions);

/// About how long these sessions last: starts, warm-ups, windows and drains.
std::chrono::nanoseconds planned_time(const Experiment& experiment, const std::vector<PlannedSession>& sessions);

/// How far an experiment is, and how long it still takes: as planned at first, and by its own pace once it has one,
/// which knows what starting and draining cost here. Not thread-safe.
class Pace {
 public:
  /// `planned` is for all of the runs.
  Pace(std::chrono::nanoseconds planned, std::size_t runs);

  /// So many runs more are to be made.
  void add(std::chrono::nanoseconds planned, std::size_t runs);
  /// A run is made.
  void count_made();
  /// These runs will not be made.
  void skip(std::size_t runs);

  /// The run under way, from 1.
  std::size_t current() const;
  std::chrono::nanoseconds left() const;

 private:
  using Clock = std::chrono::steady_clock;

  std::chrono::nanoseconds planned_;
  std::size_t runs_;
  std::size_t made_ = 0;
  std::size_t skipped_ = 0;
  Clock::duration spent_{0};               ///< on those that were made
  Clock::time_point mark_ = Clock::now();  ///< when the last one was made or skipped
};

/// Where the logs of an experiment go: each part of it (resuming begins another) has a folder of its own in the folder
/// of the results.
class LogNames {
 public:
  /// `folder` is that of this part's logs.
  explicit LogNames(std::filesystem::path folder) : folder_(std::move(folder)) {}

  std::string backend() const { return (folder_ / "backend.log").string(); }
  std::string holds() const { return (folder_ / "holds.csv").string(); }

  /// Of a target in a repeat (from 0). One started anew within its session, for the run `first` (from 0) of it, has
  /// logs of its own, and so has one at whose runs a further attempt is made (from 1).
  std::string target(const std::string& name, unsigned repeat, std::size_t first, unsigned attempt = 0) const;
  std::string requests(const std::string& name, unsigned repeat, std::size_t first, unsigned attempt = 0) const;

  /// A log's path as the result tells it: from the folder of the results, so that this can be moved.
  std::string in_results(const std::string& path) const;

 private:
  std::filesystem::path folder_;
};

/// Shares out the CPUs: with two or more the server gets the last half for itself, the client and the backend the rest;
/// with one they all share it. `cpus` must not be empty.
Placement place(const std::vector<int>& cpus);

}  // namespace waitlab::client
