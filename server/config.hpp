#pragma once

#include "common/config/config_spec.hpp"
#include "common/delay/delay_profiles.hpp"
#include "common/result.hpp"
#include "server/site/site.hpp"
#include "server/strategies/strategy_settings.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace waitlab::server {

/// The value of a size that is left to sized_for (sizing.hpp); "auto" in a config.
inline constexpr std::uint32_t auto_size = 0;

/// The server's config, with its defaults.
struct ServerConfig {
  struct Address {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;
  };
  struct Backend {
    std::string mode = "managed";
    std::string address = "127.0.0.1:8081";
    std::chrono::nanoseconds timeout{5'000'000'000};
    DelayProfiles profiles;
  };
  struct Limits {
    std::uint32_t max_connections = auto_size;
    std::uint64_t header_bytes = 16 * 1024;
    std::uint64_t body_bytes = 1024 * 1024;
  };
  struct Files {
    std::string folder = "/var/tmp";
  };
  struct Telemetry {
    std::string request_log;  ///< path of the request log; empty: none
  };

  std::string strategy = default_strategy;
  Address listen{"127.0.0.1", 8080};
  Address admin{"127.0.0.1", 9090};
  StrategySettings strategies{.thread_per_request = {.max_threads = auto_size},
                              .fixed_pool = {.threads = auto_size, .core_threads = auto_size},
                              .thread_per_connection = {.max_threads = auto_size},
                              .event_loop_per_core = {.loops = auto_size},
                              .event_loop_with_pool = {.threads = auto_size},
                              .fiber = {.loops = auto_size},
                              .process_per_request = {.max_processes = auto_size}};
  Backend backend;
  Limits limits;
  Timeouts timeouts;
  Files files;
  Telemetry telemetry;
};

/// The keys of the config, bound to its fields.
ConfigSpec server_config_spec(ServerConfig& config);

/// How many sockets are to listen on each address, with sizes in the place of `auto`.
std::uint32_t accept_queues(const ServerConfig& config);

/// Checks what no single key can, and prepares the backend's profiles.
Result<void> check_server_config(ServerConfig& config);

/// The keys whose change only a restart can carry out, of those that differ; empty if none does.
std::string restart_needed(const ServerConfig& running, const ServerConfig& wanted);

}  // namespace waitlab::server
