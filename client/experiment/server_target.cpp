#include "client/experiment/server_target.hpp"

#include "common/net/http_get.hpp"

#include <fmt/format.h>

#include <chrono>
#include <thread>

namespace waitlab::client {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto ready_patience = 10s;
constexpr auto ready_interval = 20ms;
constexpr auto check_patience = 10s;
constexpr unsigned http_ok = 200;

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

Result<ServerTarget> ServerTarget::start(const Programs& programs, const ExperimentTarget& target, const Place& place,
                                         const std::stop_token& stop) {
  std::vector<std::string> settings = target.settings;
  settings.insert(settings.end(),
                  {"backend.mode=remote", "backend.address=" + place.backend_address, "listen.port=0", "admin.port=0"});
  if (!place.request_log.empty()) settings.push_back("telemetry.request_log=" + place.request_log);
  auto program = Program::start({.name = target.name,
                                 .command = server_command(programs, settings),
                                 .cpus = place.cpus,
                                 .log = place.log,
                                 .prefixes = {"listening on", "admin on"}},
                                stop);
  if (!program) return program.error();
  ServerTarget server(std::move(*program));
  if (auto ready = server.wait_until_ready(target.name, stop); !ready) return ready.error();
  return server;
}

Result<void> ServerTarget::wait_until_ready(const std::string& name, const std::stop_token& stop) {
  const auto deadline = Clock::now() + ready_patience;
  std::string last = "no answer";
  while (Clock::now() < deadline && !stop.stop_requested()) {
    const auto answer = http_get(admin_address(), "/readyz", 1s);
    if (answer && answer->status == http_ok) return {};
    if (auto end = ended()) return *end;
    last = answer ? fmt::format("it answered {}", answer->status) : answer.error().message;
    std::this_thread::sleep_for(ready_interval);
  }
  if (stop.stop_requested()) return Failure{name + " was interrupted before it was ready"};
  return Failure{fmt::format("{} was not ready within {} s: {}", name, ready_patience / 1s, last)};
}

}  // namespace waitlab::client
