#include "client/experiment/running_target.hpp"

#include "client/engine/target.hpp"
#include "client/experiment/foreign_server.hpp"
#include "client/experiment/placeholders.hpp"
#include "client/experiment/program.hpp"
#include "client/experiment/readiness.hpp"
#include "common/net/socket_address.hpp"
#include "common/process/process_tree.hpp"
#include "common/text/words.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <unistd.h>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <sstream>
#include <string>
#include <system_error>
#include <vector>

namespace waitlab::client {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds stop_patience{5};

Placeholders values_of(const ExperimentTarget& target, const std::string& port, const std::string& backend) {
  Placeholders values{{"port", port}, {"backend", backend}};
  for (const std::string& word : target.sweep) {
    const auto mark = word.find('=');
    values[word.substr(0, mark)] = word.substr(mark + 1);
  }
  return values;
}

Result<Placeholders> find_values(const ExperimentTarget& target, const TargetEnvironment& environment) {
  const auto port = find_free_port();
  if (!port) return port.error();
  return values_of(target, fmt::to_string(*port), environment.backend_address);
}

std::vector<std::string> fill_all(const std::vector<std::string>& texts, const Placeholders& values) {
  std::vector<std::string> filled;
  for (const std::string& text : texts)
    filled.push_back(fill_placeholders(text, values));
  return filled;
}

Result<void> expect_free_port(const std::string& name, const std::string& url) {
  const auto server = parse_target(url);
  if (!server) return server.error();
  if (!is_port_taken(server->host, server->port)) return {};
  return Failure{
      fmt::format("{}: port {} is taken: something listens at {} already; stop it, or write {{port}} for a free one",
                  name, server->port, join_host_port(server->host, server->port))};
}

bool is_program(const fs::path& path) {
  std::error_code error;
  return fs::is_regular_file(path, error) && ::access(path.c_str(), X_OK) == 0;
}

/// Whether it would be found: a path as it is or from the folder in which it runs, a name where PATH leads.
bool finds_program(const std::string& name, const std::string& directory) {
  if (name.find('/') != std::string::npos) return is_program(name) || is_program(fs::path(directory) / name);
  const char* const path = std::getenv("PATH");
  std::istringstream folders(path == nullptr ? "" : path);
  for (std::string folder; std::getline(folders, folder, ':');) {
    if (is_program(fs::path(folder) / name)) return true;
  }
  return false;
}

/// Braces have other uses in a command, so that only what is nearly a placeholder is taken for a mistyped one.
Result<void> expect_no_mistyped(const ExperimentTarget& target, const Placeholders& values) {
  std::vector<std::string> known;
  for (const auto& [name, value] : values)
    known.push_back(name);
  const auto mistyped = [&](const std::string& name) {
    const auto nearest = nearest_name(name, known);
    return Failure{fmt::format("{}: there is no placeholder {{{}}}; {}", target.name, name,
                               nearest ? fmt::format("did you mean {{{}}}?", *nearest)
                                       : fmt::format("there are {{{}}}", fmt::join(known, "}, {")))};
  };
  for (const std::string& name : other_names_in_braces(target.url, values))
    return mistyped(name);
  std::vector<std::string> texts = target.command;
  texts.insert(texts.end(), target.environment.begin(), target.environment.end());
  for (const std::string& text : texts) {
    for (const std::string& name : other_names_in_braces(text, values)) {
      if (nearest_name(name, known)) return mistyped(name);
    }
  }
  return {};
}

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

Result<std::unique_ptr<RunningTarget>> CommandTarget::start(const ExperimentTarget& target,
                                                            const TargetEnvironment& environment,
                                                            const std::stop_token& stop) {
  const auto values = find_values(target, environment);
  if (!values) return values.error();
  const std::string url = fill_placeholders(target.url, *values);
  if (auto free = expect_free_port(target.name, url); !free) return free.error();
  std::unique_ptr<CommandTarget> server(new CommandTarget(url_to_load(url, environment.path)));
  auto program = Program::start({.name = target.name,
                                 .command = fill_all(target.command, *values),
                                 .cpus = environment.cpus,
                                 .log = environment.log,
                                 .prefixes = {},
                                 .directory = target.directory,
                                 .environment = fill_all(target.environment, *values),
                                 .stop_patience = stop_patience},
                                stop);
  if (!program) return Failure{target.name + ": " + program.error().message};
  server->program_ = std::move(*program);
  server->tree_.set_command(server->program_->pid());
  const auto ready = wait_for_server(
      target, server->url_, usual_answer, [&] { return server->ended(); }, stop);
  if (ready) return server;
  // An end is told with its last words already.
  return server->program_->exit_code() ? ready.error() : server->program_->quoting_its_log(ready.error());
}

Watched CommandTarget::watched() const {
  return {.processes = [this] { return tree_.processes(); }, .admin_address = {}};
}

std::optional<Failure> CommandTarget::ended() {
  auto end = program_->ended();
  if (end && program_->exit_code() == 0) end->message += " (a command must stay in the foreground)";
  return end;
}

bool CommandTarget::comes_to_rest(const LoadResult& last, const std::stop_token&) {
  return left_behind(last) == 0;
}

/// How a server of others ends when it is told to says nothing about it; that it does not end at all does.
Result<void> CommandTarget::stop() {
  static_cast<void>(program_->stop());
  return tree_.end();
}

}  // namespace

Result<void> check_command(const ExperimentTarget& target) {
  const Placeholders values = values_of(target, "1", "127.0.0.1:1");
  if (auto right = expect_no_mistyped(target, values); !right) return right;
  const std::string program = fill_placeholders(target.command.front(), values);
  if (finds_program(program, target.directory)) return {};
  return Failure{fmt::format("{}: there is no program '{}'{}; install it or give its path", target.name, program,
                             program.find('/') == std::string::npos ? " in PATH" : "")};
}

Result<std::unique_ptr<RunningTarget>> start_command(const ExperimentTarget& target,
                                                     const TargetEnvironment& environment,
                                                     const std::stop_token& stop) {
  return CommandTarget::start(target, environment, stop);
}

}  // namespace waitlab::client
