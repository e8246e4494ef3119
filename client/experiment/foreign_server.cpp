#include "client/experiment/foreign_server.hpp"

#include "client/engine/target.hpp"
#include "client/experiment/readiness.hpp"
#include "common/net/socket_address.hpp"

namespace waitlab::client {

std::string url_to_load(const std::string& url, const std::string& path) {
  const auto host = url.find("://") + 3;
  return url.find_first_of("/?", host) == std::string::npos ? url + path : url;
}

Result<void> wait_for_server(const ExperimentTarget& target, const std::string& url,
                             std::chrono::milliseconds answer_within,
                             const std::function<std::optional<Failure>()>& ended, const std::stop_token& stop) {
  const auto server = parse_target(url);
  if (!server) return server.error();
  if (server->tls) return {};
  return wait_until_ready({.name = target.name,
                           .address = join_host_port(server->host, server->port),
                           .path = target.ready.path.empty() ? server->origin_form : target.ready.path,
                           .within = target.ready.within,
                           .answer_within = answer_within,
                           .ended = ended},
                          stop);
}

std::uint64_t left_behind(const LoadResult& run) {
  return run.record.requests.timed_out + run.record.requests.unfinished;
}

}  // namespace waitlab::client
