#pragma once

#include "common/facts/strategy_facts.hpp"
#include "common/result.hpp"

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace waitlab::client {

/// The kinds of strategies that are advised.
enum class WaitKind {
  pool,            ///< threads behind a queue, each held by a waiting request
  loop,            ///< one loop; waiting requests hold nothing
  loops,           ///< several loops, of any number
  loop_with_pool,  ///< one loop, and threads for CPU work
};

inline constexpr std::size_t wait_kinds = 4;

/// What a wait cost under a strategy of this kind where that was measured.
struct MeasuredCost {
  std::string_view size_of;  ///< what there are several of: "threads"; empty: nothing
  double memory_kib;         ///< of a waiting request
  double cpu_us;             ///< of a request that waits once
};

/// By the table of docs/strategies.md, which says how and where it was measured.
const MeasuredCost& measured_cost(WaitKind kind);

/// A strategy of the server.
struct NamedStrategy {
  std::string name;
  StrategyFacts facts;
};

/// The strategies that are advised, by `WaitKind`.
using AdvisedStrategies = std::array<NamedStrategy, wait_kinds>;

/// Of all those that a server knows the first of each kind, by their facts. Failure if there is none of a kind.
Result<AdvisedStrategies> choose_strategies(std::span<const NamedStrategy> known);

}  // namespace waitlab::client
