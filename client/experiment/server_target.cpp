#include "client/experiment/server_target.hpp"

#include "client/experiment/readiness.hpp"
#include "client/experiment/server_status.hpp"

#include <fmt/format.h>

#include <chrono>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;

constexpr auto ready_patience = 10s;
constexpr auto check_patience = 10s;
constexpr auto idle_patience = 10s;

std::vector<std::string> server_command(const Programs& programs, const std::vector<std::string>& settings) {
  std::vector<std::string> command{programs.server.string()};
  for (const std::string& setting : settings)
    command.insert(command.end(), {"--set", setting});
  return command;
}

}  // namespace

Result<void> check_settings(const Programs& programs, const ExperimentTarget& target) {
  std::vector<std::string> command{"/bin/sh", "-c", "exec \"$@\" 2>&1", "sh"};  // the error comes on stdout
  const std::vector<std::string> check = server_command(programs, target.settings);
  command.insert(command.end(), check.begin(), check.end());
  command.emplace_back("--check-config");
  auto process = ChildProcess::start({.command = command});
  if (!process) return process.error();
  std::string said;
  while (const auto line = process->read_line(check_patience))
    said = *line;
  if (process->wait(check_patience) == 0) return {};
  return Failure{fmt::format("target {}: {}", target.name, said.empty() ? "the server refuses its settings" : said)};
}

Result<std::unique_ptr<RunningTarget>> ServerTarget::start(const Programs& programs, const ExperimentTarget& target,
                                                           const TargetEnvironment& environment,
                                                           const std::stop_token& stop) {
  std::vector<std::string> settings = target.settings;
  settings.insert(settings.end(), environment.backend_settings.begin(), environment.backend_settings.end());
  settings.insert(settings.end(), {"listen.port=0", "admin.port=0"});
  if (!environment.request_log.empty()) settings.push_back("telemetry.request_log=" + environment.request_log);
  auto program = Program::start({.name = target.name,
                                 .command = server_command(programs, settings),
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
  return {.processes = [pid = program_.pid()] { return std::vector<pid_t>{pid}; },
          .admin_address = program_.address(1)};
}

bool ServerTarget::comes_to_rest(const LoadResult&, const std::stop_token& stop) {
  return is_idle_within(program_.address(1), idle_patience, stop);
}

}  // namespace waitlab::client
