#pragma once

#include "client/experiment/program.hpp"
#include "client/record/experiment_result.hpp"

#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

namespace waitlab::client {

/// Where the programs are that an experiment runs.
struct Programs {
  std::filesystem::path server;
  std::filesystem::path backend;
};

/// Asks the server whether it accepts the target's settings, without starting it. A refusal is a Failure with the
/// server's own words.
Result<void> check_settings(const Programs& programs, const ExperimentTarget& target);

/// A fresh server for one session, ready to serve.
class ServerTarget {
 public:
  struct Place {
    std::string backend_address;
    std::vector<int> cpus;
    std::string log;
    std::string request_log;  ///< that the server is to keep; empty: none
  };

  /// Starts the server on free ports with its backend at `place.backend_address`, and waits until it is ready.
  static Result<ServerTarget> start(const Programs& programs, const ExperimentTarget& target, const Place& place,
                                    const std::stop_token& stop);

  pid_t pid() const { return program_.pid(); }
  std::string url(const std::string& path) const { return "http://" + program_.address(0) + path; }
  const std::string& admin_address() const { return program_.address(1); }

  /// Why it has ended, in one line; nothing while it runs.
  std::optional<Failure> ended() { return program_.ended(); }
  Result<void> stop() { return program_.stop(); }

 private:
  explicit ServerTarget(Program program) : program_(std::move(program)) {}
  Result<void> wait_until_ready(const std::string& name, const std::stop_token& stop);

  Program program_;
};

}  // namespace waitlab::client
