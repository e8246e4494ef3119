#include "client/experiment/server_target.hpp"

#include "client/experiment/readiness.hpp"
#include "client/experiment/server_program.hpp"
#include "client/experiment/server_status.hpp"
#include "common/process/process_tree.hpp"

#include <chrono>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;

constexpr auto ready_patience = 10s;
constexpr auto idle_patience = 10s;

}  // namespace

Result<std::unique_ptr<RunningTarget>> ServerTarget::start(const Programs& programs, const ExperimentTarget& target,
                                                           const TargetEnvironment& environment,
                                                           const std::stop_token& stop) {
  std::vector<std::string> settings = target.settings;
  settings.insert(settings.end(), environment.backend_settings.begin(), environment.backend_settings.end());
  settings.insert(settings.end(), {"listen.port=0", "admin.port=0"});
  if (!environment.request_log.empty()) settings.push_back("telemetry.request_log=" + environment.request_log);
  auto program = Program::start({.name = target.name,
                                 .command = server_command(programs.server, settings),
                                 .cpus = environment.cpus,
                                 .log = environment.log,
                                 .prefixes = {"listening on", "admin on"}},
                                stop);
  if (!program) return program.error();
  std::unique_ptr<ServerTarget> server(new ServerTarget(std::move(*program), environment.path));
  const auto ready = wait_until_ready({.name = target.name,
                                       .address = server->program_.address(1),
                                       .path = "/readyz",
                                       .within = ready_patience,
                                       .ended = [&] { return server->ended(); }},
                                      stop);
  if (!ready) return ready.error();
  return server;
}

Watched ServerTarget::watched() const {
  return {.processes = [pid = program_.pid()] { return process_tree(pid); }, .admin_address = program_.address(1)};
}

bool ServerTarget::comes_to_rest(const LoadResult&, const std::stop_token& stop) {
  return is_idle_within(program_.address(1), idle_patience, stop);
}

}  // namespace waitlab::client
