#include "client/advice/advised_kinds.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace waitlab::client {
namespace {

constexpr std::array<std::string_view, wait_kinds> kind_words{"a pool of threads", "one loop", "several loops",
                                                              "a loop with a pool"};

bool is_of(WaitKind kind, const StrategyFacts& facts) {
  const bool loop = facts.worker == Worker::loop;
  switch (kind) {
    case WaitKind::pool:
      return facts.worker == Worker::thread && facts.is_pool();
    case WaitKind::loop:
      return loop && facts.size_key.empty();
    case WaitKind::loops:
      return loop && !facts.size_key.empty() && !facts.pool;
    case WaitKind::loop_with_pool:
      break;
  }
  return loop && facts.pool;
}

}  // namespace

const MeasuredCost& measured_cost(WaitKind kind) {
  static constexpr std::array<MeasuredCost, wait_kinds> costs{{
      {"threads", 28.2, 151},
      {"", 3.8, 87},
      {"loops", 3.8, 90},
      {"pool threads", 3.8, 87},
  }};
  return costs[static_cast<std::size_t>(kind)];
}

Result<AdvisedStrategies> choose_strategies(std::span<const NamedStrategy> known) {
  AdvisedStrategies chosen;
  for (std::size_t kind = 0; kind < wait_kinds; ++kind) {
    const auto found = std::ranges::find_if(
        known, [kind](const NamedStrategy& one) { return is_of(static_cast<WaitKind>(kind), one.facts); });
    if (found == known.end()) return Failure{fmt::format("the server has no strategy of {}", kind_words[kind])};
    chosen[kind] = *found;
  }
  return chosen;
}

}  // namespace waitlab::client
