#include "server/strategies/strategy_factory.hpp"

#include "server/strategies/event_loop.hpp"
#include "server/strategies/strategy_settings.hpp"

#include <array>
#include <stdexcept>
#include <string_view>

namespace waitlab::server {

namespace {

struct Entry {
  std::string_view name;
  std::unique_ptr<Strategy> (*make)(const StrategySettings&, const ApplicationParts&);
};

constexpr std::array<Entry, 3> entries = {{
    {"thread-per-request",
     [](const StrategySettings& settings, const ApplicationParts& parts) -> std::unique_ptr<Strategy> {
       return std::make_unique<ThreadPerRequest>(settings.thread_per_request, parts);
     }},
    {"fixed-pool",
     [](const StrategySettings& settings, const ApplicationParts& parts) -> std::unique_ptr<Strategy> {
       return std::make_unique<FixedPool>(settings.fixed_pool, parts);
     }},
    {"event-loop",
     [](const StrategySettings&, const ApplicationParts& parts) -> std::unique_ptr<Strategy> {
       return std::make_unique<EventLoop>(parts);
     }},
}};

}  // namespace

std::vector<std::string> strategy_names() {
  std::vector<std::string> names;
  for (const Entry& entry : entries)
    names.emplace_back(entry.name);
  return names;
}

std::unique_ptr<Strategy> make_strategy(const std::string& name, const StrategySettings& settings,
                                        const ApplicationParts& parts) {
  for (const Entry& entry : entries) {
    if (entry.name == name) return entry.make(settings, parts);
  }
  throw std::logic_error("no strategy is called " + name);
}

}  // namespace waitlab::server
