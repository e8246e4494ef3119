#pragma once

#include "client/experiment/sampler.hpp"
#include "client/record/experiment_result.hpp"
#include "common/result.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace waitlab::client {

/// Where the programs are that an experiment runs.
struct Programs {
  std::filesystem::path server;
  std::filesystem::path backend;
};

/// The programs in this folder. Failure names the one that is missing.
Result<Programs> find_programs(const std::filesystem::path& folder);

/// What a target gets from the experiment for one session.
struct TargetEnvironment {
  std::string path;                           ///< of the load's requests; empty: each request has its own
  std::string backend_address;                ///< of the slow backend; empty: there is none
  std::vector<std::string> backend_settings;  ///< "key=value" words that tell a waitlab-server what to wait for
  std::vector<int> cpus;                      ///< that it may use
  std::string log;                            ///< file for its output
  std::string request_log;                    ///< file for the request log of a waitlab-server; empty: none
  std::uint64_t left_behind = 0;        ///< requests that the previous run may have left in a server that keeps running
  std::chrono::nanoseconds timeout{0};  ///< of the load, for a response
};

/// A target that is ready to be loaded, for one session. What was started for it ends with it. Not thread-safe.
class RunningTarget {
 public:
  RunningTarget() = default;
  RunningTarget(const RunningTarget&) = delete;
  RunningTarget& operator=(const RunningTarget&) = delete;
  virtual ~RunningTarget() = default;

  /// What to load.
  virtual std::string url() const = 0;

  /// What to watch while it is loaded. The target must outlive what is returned.
  virtual Watched watched() const = 0;

  /// Why it has ended, in one line; nothing while it runs.
  virtual std::optional<Failure> ended() = 0;

  /// Waits for it to finish what the last run left in it. False if it holds requests that would spoil the next run.
  virtual bool comes_to_rest(const LoadResult& last, const std::stop_token& stop) = 0;

  /// Ends what was started. An end that was not clean is a Failure.
  virtual Result<void> stop() = 0;
};

/// Starts the target, or finds it running, and waits until it is ready. One that is not, or whose port is taken, or
/// that runs on and can't get done with what the run before left in it, is a Failure; so is a stop request.
Result<std::unique_ptr<RunningTarget>> start_target(const Programs& programs, const ExperimentTarget& target,
                                                    const TargetEnvironment& environment, const std::stop_token& stop);

/// What is wrong with a command as far as it can be seen without starting it: its program is not there, or something in
/// braces is no placeholder but nearly one, or in its URL none at all.
Result<void> check_command(const ExperimentTarget& target);

/// The same for a command, whose placeholders are filled in, and for a server that runs already, at its URL.
Result<std::unique_ptr<RunningTarget>> start_command(const ExperimentTarget& target,
                                                     const TargetEnvironment& environment, const std::stop_token& stop);
Result<std::unique_ptr<RunningTarget>> find_url(const ExperimentTarget& target, const TargetEnvironment& environment,
                                                const std::stop_token& stop);

}  // namespace waitlab::client
