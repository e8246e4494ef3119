#pragma once

#include "client/experiment/program.hpp"
#include "client/experiment/running_target.hpp"
#include "common/process/process_tree.hpp"

#include <optional>
#include <string>

namespace waitlab::client {

/// Any command that serves HTTP. All processes that it starts end with it. One at a time.
class CommandTarget final : public RunningTarget {
 public:
  /// Fills in the placeholders, starts the command and waits until it is ready.
  static Result<std::unique_ptr<RunningTarget>> start(const ExperimentTarget& target,
                                                      const TargetEnvironment& environment,
                                                      const std::stop_token& stop);

  std::string url() const override { return url_; }
  Watched watched() const override;
  std::optional<Failure> ended() override;
  bool comes_to_rest(const LoadResult& last, const std::stop_token& stop) override;
  Result<void> stop() override;

 private:
  explicit CommandTarget(std::string url) : url_(std::move(url)) {}

  std::string url_;
  CommandTree tree_;                ///< made before the program, and kills what that leaves behind
  std::optional<Program> program_;  ///< nothing before the start
};

}  // namespace waitlab::client
