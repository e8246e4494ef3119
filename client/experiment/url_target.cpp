#include "client/experiment/url_target.hpp"

#include "client/experiment/foreign_server.hpp"
#include "common/process/process_tree.hpp"

#include <fmt/format.h>

namespace waitlab::client {

UrlTarget::UrlTarget(const ExperimentTarget& target, const std::string& path)
    : name_(target.name), url_(url_to_load(target.url, path)), pid_(target.pid) {}

Result<std::unique_ptr<RunningTarget>> UrlTarget::find(const ExperimentTarget& target, const std::string& path,
                                                       const std::stop_token& stop) {
  std::unique_ptr<UrlTarget> server(new UrlTarget(target, path));
  const auto ready = wait_for_server(
      target, server->url_, [&] { return server->ended(); }, stop);
  if (!ready) return ready.error();
  return server;
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
  return !left_requests_behind(last);
}

}  // namespace waitlab::client
