#pragma once

#include "server/strategies/fixed_pool.hpp"
#include "server/strategies/thread_per_request.hpp"

namespace waitlab::server {

/// Of a config that names none.
inline constexpr const char* default_strategy = "event-loop";

/// The settings of every strategy, whichever runs.
struct StrategySettings {
  ThreadPerRequest::Settings thread_per_request;
  FixedPool::Settings fixed_pool;
};

}  // namespace waitlab::server
