#include "server/telemetry/strategy_facts.hpp"

#include "common/json/or_null.hpp"

#include <nlohmann/json.hpp>

#include <array>

namespace waitlab::server {

namespace {

constexpr std::array<std::string_view, 3> worker_names = {"thread", "process", "loop"};

}  // namespace

nlohmann::ordered_json facts_json(const StrategyFacts& facts) {
  return {{"worker", worker_names[static_cast<std::size_t>(facts.worker)]},
          {"workers", facts.workers},
          {"holds_worker", facts.holds_worker},
          {"at_once", or_null(facts.at_once)},
          {"queue", or_null(facts.queue)},
          {"size_key", facts.size_key},
          {"description", facts.description}};
}

}  // namespace waitlab::server
