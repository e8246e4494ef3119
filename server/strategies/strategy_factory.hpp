#pragma once

#include "common/facts/strategy_facts.hpp"
#include "server/site/application.hpp"
#include "server/strategies/strategy.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace waitlab::server {

struct StrategySettings;

/// The names a config may give for `strategy`.
std::vector<std::string> strategy_names();

/// What is to be known of a strategy with these settings. The name must be one of `strategy_names()`.
StrategyFacts facts_of(const std::string& name, const StrategySettings& settings);

/// What the kernel has to map for each connection besides its descriptors; the name must be one of `strategy_names()`.
std::uint32_t mappings_per_connection(const std::string& name);

/// Builds the named strategy; the name must be one of `strategy_names()`. Throws std::system_error if the kernel
/// refuses what it needs.
std::unique_ptr<Strategy> make_strategy(const std::string& name, const StrategySettings& settings,
                                        const ApplicationParts& parts);

}  // namespace waitlab::server
