#include "client/experiment/running_target.hpp"

#include "client/experiment/foreign_server.hpp"
#include "client/experiment/readiness.hpp"
#include "common/process/process_tree.hpp"

#include <fmt/format.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>

namespace waitlab::client {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds quick_answer{500};  ///< of a server with no queue

/// Until the time is over or a stop is requested.
void pause(std::chrono::nanoseconds time, const std::stop_token& stop) {
  std::mutex mutex;
  std::unique_lock lock(mutex);
  std::condition_variable_any nothing;
  nothing.wait_for(lock, stop, time, [] { return false; });
}

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

UrlTarget::UrlTarget(const ExperimentTarget& target, const std::string& path)
    : name_(target.name), url_(url_to_load(target.url, path)), pid_(target.pid) {}

Result<std::unique_ptr<RunningTarget>> UrlTarget::find(const ExperimentTarget& target,
                                                       const TargetEnvironment& environment,
                                                       const std::stop_token& stop) {
  std::unique_ptr<UrlTarget> server(new UrlTarget(target, environment.path));
  const auto ready = environment.left_behind == 0 ? server->wait_for_answer(target, usual_answer, stop)
                                                  : server->settle(target, environment, stop);
  if (!ready) return ready.error();
  return server;
}

Result<void> UrlTarget::wait_for_answer(const ExperimentTarget& target, milliseconds within,
                                        const std::stop_token& stop) {
  return wait_for_server(
      target, url_, within, [this] { return ended(); }, stop);
}

Result<void> UrlTarget::settle(const ExperimentTarget& target, const TargetEnvironment& environment,
                               const std::stop_token& stop) {
  pause(environment.timeout, stop);
  const auto ready = wait_for_answer(target, quick_answer, stop);
  if (ready) return {};
  return Failure{fmt::format("the run before left {} requests in a server that can't be asked: {}",
                             environment.left_behind, ready.error().message)};
}

Watched UrlTarget::watched() const {
  if (!pid_) return {};
  return {.processes = [pid = *pid_] { return process_tree(pid); }, .admin_address = {}};
}

std::optional<Failure> UrlTarget::ended() {
  if (!pid_ || !process_tree(*pid_).empty()) return std::nullopt;
  return Failure{
      fmt::format("{}: there is no process {}; give the pid of the server that runs, or none", name_, *pid_)};
}

bool UrlTarget::comes_to_rest(const LoadResult& last, const std::stop_token&) {
  return left_behind(last) == 0;
}

}  // namespace

Result<std::unique_ptr<RunningTarget>> find_url(const ExperimentTarget& target, const TargetEnvironment& environment,
                                                const std::stop_token& stop) {
  return UrlTarget::find(target, environment, stop);
}

}  // namespace waitlab::client
