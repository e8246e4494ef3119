#pragma once

#include "client/experiment/program.hpp"
#include "client/experiment/running_target.hpp"

namespace waitlab::client {

/// A fresh waitlab-server.
class ServerTarget final : public RunningTarget {
 public:
  /// Starts the server on free ports and waits until it is ready.
  static Result<std::unique_ptr<RunningTarget>> start(const Programs& programs, const ExperimentTarget& target,
                                                      const TargetEnvironment& environment,
                                                      const std::stop_token& stop);

  std::string url() const override { return "http://" + program_.address(0) + path_; }
  Watched watched() const override;
  std::optional<Failure> ended() override { return program_.ended(); }
  bool comes_to_rest(const LoadResult& last, const std::stop_token& stop) override;
  Result<void> stop() override { return program_.stop(); }

 private:
  ServerTarget(Program program, std::string path) : program_(std::move(program)), path_(std::move(path)) {}

  Program program_;
  std::string path_;
};

}  // namespace waitlab::client
