#include "client/experiment/server_program.hpp"

#include "client/experiment/server_settings.hpp"
#include "common/process/child_process.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <optional>
#include <utility>

namespace waitlab::client {
namespace {

constexpr std::chrono::seconds word_patience{10};

/// Runs the server with a flag that makes it say something and end. What it said, or in a Failure its last line.
Result<std::string> ask(const std::filesystem::path& server, const std::vector<std::string>& settings,
                        const char* flag) {
  std::vector<std::string> command{"/bin/sh", "-c", "exec \"$@\" 2>&1", "sh"};  // an error comes on stdout
  const std::vector<std::string> asking = server_command(server, settings);
  command.insert(command.end(), asking.begin(), asking.end());
  command.emplace_back(flag);
  auto process = ChildProcess::start({.command = command});
  if (!process) return process.error();
  std::string said;
  std::string last;
  while (auto line = process->read_line(word_patience)) {
    said += *line + "\n";
    last = std::move(*line);
  }
  if (process->wait(word_patience) == 0) return said;
  return Failure{last.empty() ? "the server refuses its settings" : last};
}

/// Of a server's settings those that are about its strategy.
std::vector<std::string> strategy_settings(const ExperimentTarget& target) {
  std::vector<std::string> settings;
  for (const std::string& word : target.settings) {
    if (word.starts_with("strategies.")) settings.push_back(word);
  }
  settings.push_back("strategy=" + target.strategy);
  return settings;
}

/// The facts as they were for that target: what `auto` comes to here says nothing of the machine it ran on.
std::optional<StrategyFacts> sized_as(const ExperimentTarget& target, StrategyFacts facts) {
  if (!facts.holds_worker) return facts;
  if (!target.threads && facts.queue) return std::nullopt;
  facts.at_once = target.threads;
  facts.workers = target.threads.value_or(facts.workers);
  return facts;
}

}  // namespace

std::vector<std::string> server_command(const std::filesystem::path& server, const std::vector<std::string>& settings) {
  std::vector<std::string> command{server.string()};
  for (const std::string& setting : settings)
    command.insert(command.end(), {"--set", setting});
  return command;
}

Result<void> check_settings(const std::filesystem::path& server, const ExperimentTarget& target) {
  const auto said = ask(server, target.settings, "--check-config");
  if (!said) return Failure{fmt::format("target {}: {}", target.name, said.error().message)};
  return {};
}

Result<StrategyFacts> ask_facts(const std::filesystem::path& server, const std::vector<std::string>& settings) {
  std::error_code ignored;
  if (!std::filesystem::exists(server, ignored)) {
    return Failure{fmt::format("{} is missing, which knows the strategies", server.string())};
  }
  const auto said = ask(server, settings, "--print-facts");
  return said ? parse_facts(*said, server.string() + " --print-facts") : said.error();
}

Result<std::vector<std::pair<std::string, StrategyFacts>>> ask_strategies(const std::filesystem::path& server) {
  std::error_code ignored;
  if (!std::filesystem::exists(server, ignored))
    return Failure{fmt::format("{} is missing, which knows the strategies", server.string())};
  const auto said = ask(server, {}, "--print-schema");
  if (!said) return said.error();
  constexpr bool no_exceptions = false;
  const auto schema = nlohmann::json::parse(*said, nullptr, no_exceptions);
  const nlohmann::json::json_pointer names("/properties/strategy/enum");
  if (schema.is_discarded() || !schema.contains(names) || !schema[names].is_array())
    return Failure{fmt::format("{} --print-schema does not say which strategies there are", server.string())};
  std::vector<std::pair<std::string, StrategyFacts>> strategies;
  for (const auto& name : schema[names].get<std::vector<std::string>>()) {
    auto facts = ask_facts(server, {"strategy=" + name});
    if (!facts) return facts.error();
    strategies.emplace_back(name, std::move(*facts));
  }
  return strategies;
}

Result<void> complete_facts(ExperimentResult& result, const std::filesystem::path& server) {
  Result<void> completed;
  for (ExperimentTarget& target : result.targets) {
    if (target.kind != TargetKind::server || target.facts || target.strategy.empty()) continue;
    const auto facts = ask_facts(server, strategy_settings(target));
    if (facts) {
      target.facts = sized_as(target, *facts);
    } else if (completed) {
      completed = facts.error();
    }
  }
  return completed;
}

}  // namespace waitlab::client
