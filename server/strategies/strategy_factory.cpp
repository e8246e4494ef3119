#include "server/strategies/strategy_factory.hpp"

#include "common/config/units.hpp"
#include "server/strategies/event_loop.hpp"
#include "server/strategies/strategy_settings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string_view>

namespace waitlab::server {

namespace {

struct Entry {
  std::string_view name;
  std::unique_ptr<Strategy> (*make)(const StrategySettings&, const ApplicationParts&);
  StrategyFacts (*facts)(const StrategySettings&);
  std::uint32_t mappings_per_connection = 0;
};

constexpr auto entries = std::to_array<Entry>({
    {"thread-per-request",
     [](const StrategySettings& settings, const ApplicationParts& parts) -> std::unique_ptr<Strategy> {
       return std::make_unique<ThreadPerRequest>(settings.thread_per_request, parts);
     },
     [](const StrategySettings& settings) -> StrategyFacts {
       const std::uint32_t threads = settings.thread_per_request.max_threads;
       return {.worker = Worker::thread,
               .workers = threads,
               .holds_worker = true,
               .at_once = threads,
               .queue = {},
               .size_key = "strategies.thread-per-request.max_threads",
               .description = fmt::format("a new thread for each request, {} at most", threads)};
     }},
    {"fixed-pool",
     [](const StrategySettings& settings, const ApplicationParts& parts) -> std::unique_ptr<Strategy> {
       return std::make_unique<FixedPool>(settings.fixed_pool, parts);
     },
     [](const StrategySettings& settings) -> StrategyFacts {
       const FixedPool::Settings& pool = settings.fixed_pool;
       const bool grows = pool.growth != FixedPool::none;
       return {.worker = Worker::thread,
               .workers = pool.threads,
               .holds_worker = true,
               .at_once = pool.threads,
               .queue = pool.queue_capacity,
               .size_key = "strategies.fixed-pool.threads",
               .description = fmt::format(
                   "{}{}, and a queue for {} requests{}", grows ? fmt::format("{} to ", pool.core_threads) : "",
                   counted_workers(pool.threads, Worker::thread), pool.queue_capacity, grows ? ", " + pool.growth : ""),
               .core = grows ? std::optional(pool.core_threads) : std::nullopt};
     }},
    {"event-loop",
     [](const StrategySettings&, const ApplicationParts& parts) -> std::unique_ptr<Strategy> {
       return std::make_unique<EventLoop>(parts);
     },
     [](const StrategySettings&) -> StrategyFacts {
       return {.worker = Worker::loop, .workers = 1, .description = "one thread; waiting requests do not occupy it"};
     }},
    {"thread-per-connection",
     [](const StrategySettings& settings, const ApplicationParts& parts) -> std::unique_ptr<Strategy> {
       return std::make_unique<ThreadPerConnection>(settings.thread_per_connection, parts);
     },
     [](const StrategySettings& settings) -> StrategyFacts {
       const std::uint32_t threads = settings.thread_per_connection.max_threads;
       return {.worker = Worker::thread,
               .workers = threads,
               .holds_worker = true,
               .at_once = threads,
               .size_key = "strategies.thread-per-connection.max_threads",
               .description = fmt::format("a new thread for each connection, {} at most", threads),
               .holds_when_idle = true};
     }},
    {"event-loop-per-core",
     [](const StrategySettings& settings, const ApplicationParts& parts) -> std::unique_ptr<Strategy> {
       return std::make_unique<EventLoopPerCore>(settings.event_loop_per_core, parts);
     },
     [](const StrategySettings& settings) -> StrategyFacts {
       const auto& [loops, pin, accept] = settings.event_loop_per_core;
       const bool has_queues = accept == EventLoopPerCore::reuse_port;
       return {.worker = Worker::loop,
               .workers = loops,
               .size_key = "strategies.event-loop-per-core.loops",
               .description = fmt::format("{}, each {}; {}", counted_workers(loops, Worker::loop),
                                          pin ? "pinned to a CPU" : "on its own thread",
                                          has_queues ? "the kernel spreads connections" : "the first to come accepts")};
     }},
    {"event-loop-with-pool",
     [](const StrategySettings& settings, const ApplicationParts& parts) -> std::unique_ptr<Strategy> {
       return std::make_unique<EventLoopWithPool>(settings.event_loop_with_pool, parts);
     },
     [](const StrategySettings& settings) -> StrategyFacts {
       const auto [threads, queue_capacity] = settings.event_loop_with_pool;
       return {.worker = Worker::loop,
               .workers = 1,
               .queue = queue_capacity,
               .size_key = "strategies.event-loop-with-pool.threads",
               .description = fmt::format("one thread for waits; {} for CPU work and files",
                                          counted_workers(threads, Worker::thread)),
               .pool = threads};
     }},
    {"fiber",
     [](const StrategySettings& settings, const ApplicationParts& parts) -> std::unique_ptr<Strategy> {
       return std::make_unique<Fiber>(settings.fiber, parts);
     },
     [](const StrategySettings& settings) -> StrategyFacts {
       const auto [loops, stack] = settings.fiber;
       return {.worker = Worker::loop,
               .workers = loops,
               .size_key = "strategies.fiber.loops",
               .description = fmt::format("a fiber for each connection, with a stack of {}, on {}", format_size(stack),
                                          counted_workers(loops, Worker::loop))};
     },
     Fiber::mappings_each},
    {"process-per-request",
     [](const StrategySettings& settings, const ApplicationParts& parts) -> std::unique_ptr<Strategy> {
       return std::make_unique<ProcessPerRequest>(settings.process_per_request, parts);
     },
     [](const StrategySettings& settings) -> StrategyFacts {
       const std::uint32_t processes = settings.process_per_request.max_processes;
       return {.worker = Worker::process,
               .workers = processes,
               .holds_worker = true,
               .at_once = processes,
               .queue = {},
               .size_key = "strategies.process-per-request.max_processes",
               .description = fmt::format("a new process for each request, {} at most", processes)};
     }},
});

const Entry& entry_of(const std::string& name) {
  const auto found =
      std::find_if(entries.begin(), entries.end(), [&](const Entry& entry) { return entry.name == name; });
  if (found == entries.end()) throw std::logic_error("no strategy is called " + name);
  return *found;
}

}  // namespace

std::vector<std::string> strategy_names() {
  std::vector<std::string> names;
  for (const Entry& entry : entries)
    names.emplace_back(entry.name);
  return names;
}

StrategyFacts facts_of(const std::string& name, const StrategySettings& settings) {
  return entry_of(name).facts(settings);
}

std::uint32_t mappings_per_connection(const std::string& name) {
  return entry_of(name).mappings_per_connection;
}

std::unique_ptr<Strategy> make_strategy(const std::string& name, const StrategySettings& settings,
                                        const ApplicationParts& parts) {
  return entry_of(name).make(settings, parts);
}

}  // namespace waitlab::server
