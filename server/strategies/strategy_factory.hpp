#pragma once

#include "server/site/application.hpp"
#include "server/strategies/strategy.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace waitlab::server {

struct StrategySettings;

/// The names a config may give for `strategy`.
std::vector<std::string> strategy_names();

/// What a strategy with these settings is made of.
struct StrategyShape {
  std::string description;       ///< "16 threads, and a queue for 1024 requests"
  std::string_view threads_key;  ///< what sets the number of threads that serve; empty: there is a thread or two
  std::uint32_t threads = 0;     ///< that number
  bool holds_threads = false;    ///< whether a request keeps its thread while it waits
};

/// The name must be one of `strategy_names()`.
StrategyShape shape_of(const std::string& name, const StrategySettings& settings);

/// Builds the named strategy; the name must be one of `strategy_names()`. Throws std::system_error if the kernel
/// refuses what it needs.
std::unique_ptr<Strategy> make_strategy(const std::string& name, const StrategySettings& settings,
                                        const ApplicationParts& parts);

}  // namespace waitlab::server
