#include "server/config.hpp"

#include "common/config/units.hpp"
#include "server/strategies/strategy_factory.hpp"

#include <fmt/format.h>

namespace waitlab::server {

namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t kib = 1024;

void bind_strategies(ConfigSpec& spec, ServerConfig& config) {
  spec.choice("strategy", config.strategy, strategy_names(), "how requests run and wait")
      .integer_or_auto(
          "strategies.thread-per-request.max_threads", config.strategies.thread_per_request.max_threads, 1, 100'000,
          "most threads; further requests are rejected with 503; auto: 4096, or as many as the limits allow")
      .integer_or_auto("strategies.fixed-pool.threads", config.strategies.fixed_pool.threads, 1, 10'000,
                       "threads in the pool; auto: 8 for each CPU")
      .integer("strategies.fixed-pool.queue_capacity", config.strategies.fixed_pool.queue_capacity, 0, 1'000'000,
               "requests that may queue for a thread; further ones are rejected with 503")
      .choice("strategies.fixed-pool.growth", config.strategies.fixed_pool.growth,
              {FixedPool::none, FixedPool::queue_first, FixedPool::grow_first},
              "none: all threads are there from the start; queue-first: a thread is added where the queue is full, as "
              "java.util.concurrent does; grow-first: where no thread is idle, as Tomcat does")
      .integer_or_auto("strategies.fixed-pool.core_threads", config.strategies.fixed_pool.core_threads, 1, 10'000,
                       "threads of a pool that grows that are always there; auto: 10, or as many as it may have")
      .duration("strategies.fixed-pool.idle_timeout", config.strategies.fixed_pool.idle_timeout, 1ms, 24h,
                "idle time after which a thread beyond the core ends")
      .integer_or_auto("strategies.thread-per-connection.max_threads",
                       config.strategies.thread_per_connection.max_threads, 1, 100'000,
                       "most threads; further connections are refused with 503; auto: 4096, or as many as the limits "
                       "allow")
      .size("strategies.thread-per-connection.stack", config.strategies.thread_per_connection.stack, 0,
            1024 * 1024 * kib, "address space for each thread's stack; 0B: what the system gives (ulimit -s)")
      .integer_or_auto("strategies.event-loop-per-core.loops", config.strategies.event_loop_per_core.loops, 1,
                       EventLoopPerCore::most_loops, "event loops, each with a thread; auto: one for each CPU")
      .flag("strategies.event-loop-per-core.pin", config.strategies.event_loop_per_core.pin,
            "whether each loop's thread runs on a CPU of its own alone")
      .choice("strategies.event-loop-per-core.accept", config.strategies.event_loop_per_core.accept,
              {EventLoopPerCore::shared, EventLoopPerCore::reuse_port},
              "shared: all loops accept from one queue, whoever comes first; reuse-port: each has a queue, and the "
              "kernel spreads connections among them (a change needs a restart)")
      .integer_or_auto("strategies.event-loop-with-pool.threads", config.strategies.event_loop_with_pool.threads, 1,
                       10'000, "threads for CPU work and files; auto: 4, as libuv has")
      .integer("strategies.event-loop-with-pool.queue_capacity", config.strategies.event_loop_with_pool.queue_capacity,
               0, 1'000'000, "work that may queue for a thread; further requests are answered 503")
      .integer_or_auto("strategies.fiber.loops", config.strategies.fiber.loops, 1, EventLoopPerCore::most_loops,
                       "event loops that run the fibers, each with a thread; auto: one for each CPU")
      .size("strategies.fiber.stack", config.strategies.fiber.stack, 0, 1024 * 1024 * kib,
            "address space for each fiber's stack, besides the page that guards it")
      .integer_or_auto("strategies.process-per-request.max_processes",
                       config.strategies.process_per_request.max_processes, 1, 100'000,
                       "most processes; further requests are rejected with 503; auto: 1024, or as many as the limits "
                       "allow");
}

void bind_addresses(ConfigSpec& spec, ServerConfig& config) {
  spec.text("listen.address", config.listen.address, "address to listen on; 0.0.0.0: all IPv4 addresses")
      .integer("listen.port", config.listen.port, 0, 65535, "0: any free port")
      .text("admin.address", config.admin.address,
            "address of the admin listener: /metrics, /status, /healthz, /readyz, /trace, the live page")
      .integer("admin.port", config.admin.port, 0, 65535, "0: any free port");
}

void bind_backend(ConfigSpec& spec, ServerConfig& config) {
  spec.choice("backend.mode", config.backend.mode, {"managed", "remote", "timer"},
              "managed: the server starts its own waitlab-backend; remote: one at backend.address; timer: no network, "
              "the wait is a sleep or a timer")
      .text("backend.address", config.backend.address, "HOST:PORT of a remote backend")
      .duration("backend.timeout", config.backend.timeout, 1ms, 1h,
                "time-out of a call to the backend, answered with 504");
  bind_delay_profiles(spec, "backend.", config.backend.profiles);
}

void bind_limits(ConfigSpec& spec, ServerConfig& config) {
  spec.integer_or_auto("limits.max_connections", config.limits.max_connections, 1, 1'000'000,
                       "open connections; further ones are answered 503 and closed; auto: 16384, or as many as the "
                       "limit of open files allows")
      .size("limits.header_bytes", config.limits.header_bytes, 256, 1024 * kib,
            "limit of request line and header fields, and of what a chunked body has of extensions and trailer fields; "
            "beyond: 414 if the line alone is longer, else 431")
      .size("limits.body_bytes", config.limits.body_bytes, 0, 1024 * 1024 * kib,
            "limit of the request body; beyond: 413")
      .duration("timeouts.header", config.timeouts.header, 1ms, 1h,
                "from a request's first byte to the end of its header")
      .duration("timeouts.keep_alive", config.timeouts.keep_alive, 1ms, 24h,
                "idle time between two requests on a connection")
      .duration("timeouts.request", config.timeouts.request, 1ms, 1h,
                "for the request body to arrive, and then for the response, the wait in a queue included")
      .duration("timeouts.drain", config.timeouts.drain, 0ms, 1h, "for draining requests in flight at SIGTERM");
}

void bind_files(ConfigSpec& spec, ServerConfig& config) {
  spec.text("files.folder", config.files.folder,
            "where /file keeps the file that it reads: on a disk, or no read waits")
      .text("telemetry.request_log", config.telemetry.request_log,
            "CSV file with a row for each answered request; empty: none");
}

/// Of a stack that would overflow, nothing would be left to tell.
Result<void> check_stack(std::string_view key, std::uint64_t bytes, std::uint64_t least, std::string_view remedy = "") {
  if (bytes >= least) return {};
  return Failure{
      fmt::format("{} is {}: what serves requests needs {}{}", key, format_size(bytes), format_size(least), remedy)};
}

Result<void> check_strategies(const StrategySettings& strategies) {
  if (strategies.thread_per_connection.stack != ThreadSet::default_stack) {
    const auto checked = check_stack("strategies.thread-per-connection.stack", strategies.thread_per_connection.stack,
                                     ThreadPerConnection::least_stack, "; 0B takes what the system gives");
    if (!checked) return checked.error();
  }
  if (const auto checked = check_stack("strategies.fiber.stack", strategies.fiber.stack, Fiber::least_stack); !checked)
    return checked.error();
  if (const auto& [most, capacity, growth, core, timeout] = strategies.fixed_pool;
      growth != FixedPool::none && most != auto_size && core > most) {
    return Failure{
        fmt::format("strategies.fixed-pool.core_threads is {}, but strategies.fixed-pool.threads only {}: lower "
                    "the one or raise the other",
                    core, most)};
  }
  return {};
}

Result<void> fits_a_timer(const std::string& prefix, const DelayProfile& profile) {
  const auto keys = keys_beyond_delays(profile);
  if (keys.empty()) return {};
  return Failure{prefix + keys.front() + ": a timer only delays, any number at once; set backend.mode=managed"};
}

}  // namespace

ConfigSpec server_config_spec(ServerConfig& config) {
  ConfigSpec spec;
  bind_strategies(spec, config);
  bind_addresses(spec, config);
  bind_backend(spec, config);
  bind_limits(spec, config);
  bind_files(spec, config);
  return spec;
}

std::uint32_t accept_queues(const ServerConfig& config) {
  const EventLoopPerCore::Settings& loops = config.strategies.event_loop_per_core;
  return loops.accept == EventLoopPerCore::reuse_port ? loops.loops : 1;
}

Result<void> check_server_config(ServerConfig& config) {
  if (const auto checked = check_strategies(config.strategies); !checked) return checked.error();
  if (config.backend.mode == "remote") {
    if (const auto address = resolve_authority(config.backend.address); !address) {
      return Failure{"backend.address: " + address.error().message};
    }
  }
  if (config.backend.mode == "timer") {
    if (const auto fit = for_each_profile(config.backend.profiles, "backend.", fits_a_timer); !fit) return fit;
  }
  return prepare_delay_profiles(config.backend.profiles, "backend.");
}

std::string restart_needed(const ServerConfig& running, const ServerConfig& wanted) {
  std::string keys;
  const auto note = [&keys](const std::string& key) { keys.append(keys.empty() ? "" : ", ").append(key); };
  if (running.listen.address != wanted.listen.address) note("listen.address");
  if (running.listen.port != wanted.listen.port) note("listen.port");
  if (running.admin.address != wanted.admin.address) note("admin.address");
  if (running.admin.port != wanted.admin.port) note("admin.port");
  if (accept_queues(running) != accept_queues(wanted)) {
    const bool alike = running.strategies.event_loop_per_core.accept == wanted.strategies.event_loop_per_core.accept;
    note(alike ? "strategies.event-loop-per-core.loops" : "strategies.event-loop-per-core.accept");
  }
  if (running.limits.max_connections != wanted.limits.max_connections) note("limits.max_connections");
  if (running.limits.header_bytes != wanted.limits.header_bytes) note("limits.header_bytes");
  if (running.limits.body_bytes != wanted.limits.body_bytes) note("limits.body_bytes");
  if (running.backend.mode != wanted.backend.mode) note("backend.mode");
  for (const std::string& key : changed_keys(running.backend.profiles, wanted.backend.profiles, "backend."))
    note(key);
  if (running.files.folder != wanted.files.folder) note("files.folder");
  if (running.telemetry.request_log != wanted.telemetry.request_log) note("telemetry.request_log");
  return keys;
}

}  // namespace waitlab::server
