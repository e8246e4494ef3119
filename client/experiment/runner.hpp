#pragma once

#include "client/experiment/experiment_file.hpp"
#include "client/experiment/running_target.hpp"
#include "client/record/experiment_result.hpp"
#include "common/result.hpp"

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>

namespace waitlab::client {

/// Where an experiment stands.
struct ExperimentProgress {
  std::size_t run = 0;   ///< the one under way, from 1
  std::size_t runs = 0;  ///< that are to be made now
  std::string target;
  Level level;
  unsigned repeat = 0;  ///< from 1
  unsigned repeats = 0;
  std::string doing;                 ///< "starting", "warm-up", "measuring", "draining"
  std::chrono::nanoseconds left{0};  ///< estimated time to the end of the experiment
};

struct ExperimentOptions {
  Programs programs;
  std::filesystem::path logs;  ///< existing folder, in that of the results, for what the programs say and log
  Placement placement;
  Machine machine;                          ///< as it was before anything was pinned
  std::optional<ExperimentResult> earlier;  ///< of the same experiment: only the runs that it lacks are made
  std::function<void(const ExperimentProgress&)> on_progress;
  std::function<void(const std::string&)> on_trouble;  ///< something went wrong; the experiment goes on
  /// Called before the first session and after every one with what there is by then: what is still to come is missing.
  std::function<void(const ExperimentResult&)> on_kept;
  std::stop_token stop;  ///< ends the experiment; what was measured is kept
};

/// Runs the whole experiment: one backend, and for each session of the plan a fresh target that meets every level, each
/// after it has come to rest. One that does not is replaced by a fresh one, or, if it runs anyway, given time to
/// settle. A target that fails leaves its runs in `missing`, and the experiment goes on; once the backend has failed,
/// all runs are missing. Runs that are not valid are then made again, as often as the experiment allows. Every program
/// it started has ended when it returns. Failure only when the backend does not start. Call it from the main thread:
/// the programs end with the thread that started them.
Result<ExperimentResult> run_experiment(const Experiment& experiment, const ExperimentOptions& options);

}  // namespace waitlab::client
