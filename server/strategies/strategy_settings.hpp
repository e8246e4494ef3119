#pragma once

#include "server/strategies/event_loop_per_core.hpp"
#include "server/strategies/event_loop_with_pool.hpp"
#include "server/strategies/fiber.hpp"
#include "server/strategies/fixed_pool.hpp"
#include "server/strategies/process_per_request.hpp"
#include "server/strategies/thread_per_connection.hpp"
#include "server/strategies/thread_per_request.hpp"

namespace waitlab::server {

/// Of a config that names none.
inline constexpr const char* default_strategy = "event-loop";

/// The settings of every strategy, whichever runs.
struct StrategySettings {
  ThreadPerRequest::Settings thread_per_request;
  FixedPool::Settings fixed_pool;
  ThreadPerConnection::Settings thread_per_connection;
  EventLoopPerCore::Settings event_loop_per_core;
  EventLoopWithPool::Settings event_loop_with_pool;
  Fiber::Settings fiber;
  ProcessPerRequest::Settings process_per_request;
};

}  // namespace waitlab::server
