#pragma once

#include "client/experiment/running_target.hpp"

#include <chrono>
#include <string>

namespace waitlab::client {

/// A server that runs already, and goes on when the experiment is over.
class UrlTarget final : public RunningTarget {
 public:
  /// Waits until it answers as the target says. It can't be started anew, nor asked what it still does: if the run
  /// before left requests in it, it first has the time in which they could have been answered, and must then answer
  /// within half a second.
  static Result<std::unique_ptr<RunningTarget>> find(const ExperimentTarget& target,
                                                     const TargetEnvironment& environment, const std::stop_token& stop);

  std::string url() const override { return url_; }
  Watched watched() const override;
  std::optional<Failure> ended() override;
  bool comes_to_rest(const LoadResult& last, const std::stop_token& stop) override;
  Result<void> stop() override { return {}; }

 private:
  UrlTarget(const ExperimentTarget& target, const std::string& path);

  Result<void> wait_for_answer(const ExperimentTarget& target, std::chrono::milliseconds within,
                               const std::stop_token& stop);
  Result<void> settle(const ExperimentTarget& target, const TargetEnvironment& environment,
                      const std::stop_token& stop);

  std::string name_;
  std::string url_;
  std::optional<int> pid_;
};

}  // namespace waitlab::client
