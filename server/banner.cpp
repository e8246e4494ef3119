#include "server/banner.hpp"

#include "common/config/units.hpp"
#include "server/strategies/strategy_factory.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string_view>

namespace waitlab::server {
namespace {

std::string backend(const ServerConfig::Backend& backend) {
  if (backend.mode == "remote") return "the backend at " + backend.address;
  const std::string whose = backend.mode == "timer" ? "a timer, no backend" : "a backend of its own";
  return fmt::format("{}: {}", whose, describe_delay(backend.profiles.standard.delay));
}

std::string cpus(const ResourceLimits& limits) {
  if (limits.cpus() < limits.cpus_usable) return fmt::format("{:g} of {} CPUs", limits.cpus(), limits.cpus_usable);
  return fmt::format("{} CPU{}", limits.cpus_usable, limits.cpus_usable == 1 ? "" : "s");
}

std::string machine(const ResourceLimits& limits) {
  const auto& memory = limits.cgroup.memory_bytes;
  return fmt::format("{}, {}, {} threads, {} files", cpus(limits),
                     memory ? format_size(*memory) + " of memory" : "no memory limit", limits.threads.most,
                     limits.descriptors);
}

/// Where someone on the same machine finds it.
std::string url(const SocketAddress& address, const std::string& path) {
  const std::string text = address.to_string();
  const bool any = text.starts_with("0.0.0.0:") || text.starts_with("[::]:");
  return fmt::format("http://{}{}", any ? fmt::format("localhost:{}", address.port()) : text, path);
}

/// What a second line begins with.
constexpr std::string_view indent = "\n            ";

/// A load at which strategies differ, with the sample configs: more than a pool of 16 threads can serve.
std::string client(const BannerFacts& facts) {
  const std::string options = "run -R 400 --arrivals poisson -d 10s ";
  const std::string target = url(facts.address, "/wait");
  if (facts.container.empty()) return fmt::format("waitlab-client {}\\{}{}", options, indent, target);
  return fmt::format("docker run --rm --network container:{} --entrypoint \\{}waitlab-client waitlab \\{}{}{}",
                     facts.container, indent, indent, options, target);
}

std::string signal(const BannerFacts& facts, const std::string& name) {
  return facts.container.empty() ? fmt::format("kill -{} {}", name, facts.pid)
                                 : fmt::format("docker kill -s {} {}", name, facts.container);
}

/// One that differs much from the one that runs: the default, or else the one before it among all.
std::string another_strategy(const std::string& running) {
  if (running != default_strategy) return default_strategy;
  const std::vector<std::string> names = strategy_names();
  return *std::prev(std::ranges::find(names, running));
}

std::string switching(const BannerFacts& facts) {
  if (facts.config_file.empty()) {
    return fmt::format("start it again with --set strategy={}, or with a config file",
                       another_strategy(facts.config.strategy));
  }
  return fmt::format("edit \"strategy\" in {}{}, then{}{}", facts.config_file,
                     facts.container.empty() ? "" : " (mounted)", indent, signal(facts, "HUP"));
}

}  // namespace

std::string banner(const BannerFacts& facts) {
  const ServerConfig& config = facts.config;
  std::string text = fmt::format("waitlab {}\n", WAITLAB_VERSION);
  const auto line = [&text](std::string_view name, const std::string& value) {
    text += fmt::format("  {:<9} {}\n", name, value);
  };
  line("strategy", fmt::format("{}: {}", config.strategy, facts_of(config.strategy, config.strategies).description));
  line("waits for", backend(config.backend));
  line("may use", machine(facts.limits));
  line("try", "curl -i " + url(facts.address, "/wait"));
  line("load", client(facts));
  line("watch", fmt::format("{} in a browser; /status and /metrics too", url(facts.admin_address, "/")));
  line("switch", switching(facts));
  line("stop", fmt::format("Ctrl-C or {}; it drains", signal(facts, "TERM")));
  return text;
}

}  // namespace waitlab::server
