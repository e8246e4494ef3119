#include "server/sizing.hpp"

#include "server/strategies/strategy_factory.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string_view>

namespace waitlab::server {
namespace {

constexpr double pool_threads_per_cpu = 8;
constexpr std::uint64_t most_threads_by_default = 4096;
constexpr std::uint64_t most_connections_by_default = 16384;
constexpr std::uint64_t most_processes_by_default = 1024;
constexpr std::uint64_t pool_threads_by_default = 4;
constexpr std::uint64_t core_threads_by_default = 10;

/// The threads that serve no requests, the managed backend, and a shell someone may open beside them.
constexpr std::uint64_t other_threads = 16;

/// Listeners, logs, epoll, admin connections and the like.
constexpr std::uint64_t other_descriptors = 32;

/// Of the program, its libraries, its heap and its threads' stacks.
constexpr std::uint64_t other_mappings = 1024;

std::uint64_t without(std::uint64_t all, std::uint64_t taken) {
  return all > taken ? all - taken : 1;
}

std::uint64_t serving_threads(const ResourceLimits& limits) {
  return without(limits.threads.most, other_threads);
}

/// A call to a backend in another process takes a descriptor besides the connection's. A loop may have one under way
/// for each connection; threads only one each. A fan-out has several, which are not counted here: beyond what there is,
/// its calls fail and say why. A process has descriptors of its own.
NamedLimit connections_by_descriptors(const ResourceLimits& limits, const ServerConfig& config) {
  NamedLimit limit{
      without(limits.descriptors, other_descriptors),
      fmt::format("the limit of {} open files (RLIMIT_NOFILE: ulimit -n, --ulimit nofile)", limits.descriptors)};
  const StrategyFacts facts = facts_of(config.strategy, config.strategies);
  if (config.backend.mode == "timer" || facts.worker == Worker::process) return limit;
  const std::uint64_t half = std::max<std::uint64_t>(limit.most / 2, 1);
  limit.most = facts.holds_worker ? std::max(half, without(limit.most, facts.workers)) : half;
  return limit;
}

/// How many connections there can be, by what there is the least of.
NamedLimit connections(const ResourceLimits& limits, const ServerConfig& config) {
  NamedLimit descriptors = connections_by_descriptors(limits, config);
  const std::uint32_t mappings = mappings_per_connection(config.strategy);
  if (mappings == 0) return descriptors;
  NamedLimit mapped{std::max<std::uint64_t>(without(limits.mappings, other_mappings) / mappings, 1),
                    fmt::format("the kernel's limit of mappings, of which each needs {} (vm.max_map_count, {})",
                                mappings, limits.mappings)};
  return mapped.most < descriptors.most ? mapped : descriptors;
}

void size(std::uint32_t& field, std::uint64_t value) {
  if (field == auto_size) field = static_cast<std::uint32_t>(value);
}

std::string unreachable(std::string_view key, std::uint32_t wanted, std::uint64_t possible, std::string_view limit) {
  return fmt::format("{} is {}, but about {} is all there can be, because of {}", key, wanted, possible, limit);
}

}  // namespace

ServerConfig sized_for(const ResourceLimits& limits, ServerConfig config) {
  const auto pool = static_cast<std::uint64_t>(std::ceil(pool_threads_per_cpu * limits.cpus()));
  size(config.strategies.fixed_pool.threads, std::min(pool, serving_threads(limits)));
  FixedPool::Settings& growing = config.strategies.fixed_pool;
  size(growing.core_threads, std::min<std::uint64_t>(core_threads_by_default, growing.threads));
  growing.core_threads = std::min(growing.core_threads, growing.threads);
  const std::uint64_t threads = std::min(most_threads_by_default, serving_threads(limits));
  size(config.strategies.thread_per_request.max_threads, threads);
  size(config.strategies.thread_per_connection.max_threads, threads);
  const auto loops = static_cast<std::uint64_t>(std::ceil(limits.cpus()));
  size(config.strategies.event_loop_per_core.loops, std::min<std::uint64_t>(loops, EventLoopPerCore::most_loops));
  size(config.strategies.fiber.loops, std::min<std::uint64_t>(loops, EventLoopPerCore::most_loops));
  size(config.strategies.event_loop_with_pool.threads, std::min(pool_threads_by_default, serving_threads(limits)));
  size(config.strategies.process_per_request.max_processes,
       std::min(most_processes_by_default, serving_threads(limits)));
  size(config.limits.max_connections, std::min(most_connections_by_default, connections(limits, config).most));
  return config;
}

std::vector<std::string> unreachable_sizes(const ResourceLimits& limits, const ServerConfig& config) {
  std::vector<std::string> sentences;
  if (const NamedLimit possible = connections(limits, config); config.limits.max_connections > possible.most) {
    sentences.push_back(
        unreachable("limits.max_connections", config.limits.max_connections, possible.most, possible.name) +
        "; beyond, connections and calls to the backend are answered 503");
  }
  const StrategyFacts facts = facts_of(config.strategy, config.strategies);
  if (const std::uint32_t most = facts.pool.value_or(facts.workers); most > serving_threads(limits)) {
    sentences.push_back(unreachable(facts.size_key, most, serving_threads(limits), limits.threads.name));
  }
  return sentences;
}

}  // namespace waitlab::server
