#pragma once

#include "client/experiment/running_target.hpp"

#include <string>

namespace waitlab::client {

/// A server that runs already, and goes on when the experiment is over.
class UrlTarget final : public RunningTarget {
 public:
  /// Waits until it answers as the target says.
  static Result<std::unique_ptr<RunningTarget>> find(const ExperimentTarget& target, const std::string& path,
                                                     const std::stop_token& stop);

  std::string url() const override { return url_; }
  Watched watched() const override;
  std::optional<Failure> ended() override;
  bool comes_to_rest(const LoadResult& last, const std::stop_token& stop) override;
  Result<void> stop() override { return {}; }

 private:
  UrlTarget(const ExperimentTarget& target, const std::string& path);

  std::string name_;
  std::string url_;
  std::optional<int> pid_;
};

}  // namespace waitlab::client
