#include "client/report/headline.hpp"

#include "client/report/difference.hpp"
#include "client/report/figures.hpp"
#include "client/report/wording.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace waitlab::client {
namespace {

using Standings = std::vector<Standing>;

bool holds(const Contenders& contenders, const ExperimentTarget& target) {
  return std::ranges::any_of(contenders, [&](const Contender& one) { return one.target == &target; });
}

bool all_level(const Standing& standing) {
  return standing.behind.empty() && standing.slower.empty();
}

/// The lowest level at which the target is in that group.
std::optional<Level> lowest_level(const Standings& standings, Contenders Standing::*group,
                                  const ExperimentTarget& target) {
  for (const Standing& standing : standings) {
    if (holds(standing.*group, target)) return standing.at;
  }
  return std::nullopt;
}

/// "fixed-pool-16 fell behind at 400/s and x at 256/s", or nothing.
std::string who_and_where(const ExperimentResult& result, const Standings& standings, Contenders Standing::*group,
                          const std::string& what) {
  std::vector<std::string> parts;
  for (const ExperimentTarget& target : result.targets) {
    if (const auto level = lowest_level(standings, group, target)) {
      parts.push_back(fmt::format("{}{} at {}", target.name, parts.empty() ? " " + what : "", format_level(*level)));
    }
  }
  return enumerate(parts);
}

/// Names of the targets that are in any of the standings.
std::vector<std::string> judged(const ExperimentResult& result, const Standings& standings) {
  std::vector<std::string> names;
  for (const ExperimentTarget& target : result.targets) {
    const bool seen = std::ranges::any_of(standings, [&](const Standing& standing) {
      return holds(standing.behind, target) || holds(kept_up(standing), target);
    });
    if (seen) names.push_back(target.name);
  }
  return names;
}

std::string who_kept_up(const ExperimentResult& result, const Standings& standings) {
  std::vector<std::string> names;
  for (const ExperimentTarget& target : result.targets) {
    const bool seen =
        std::ranges::any_of(standings, [&](const Standing& standing) { return holds(kept_up(standing), target); });
    if (seen && !lowest_level(standings, &Standing::behind, target)) names.push_back(target.name);
  }
  return names.empty() ? "nobody kept up throughout" : enumerate(names) + " kept up throughout";
}

/// Where response times begin to differ, if they do.
std::string difference(const ExperimentResult& result, const Standings& standings) {
  if (auto behind = who_and_where(result, standings, &Standing::behind, "fell behind"); !behind.empty()) {
    if (judged(result, standings).size() == 1) return behind + ".";
    return fmt::format("{}; {}.", behind, who_kept_up(result, standings));
  }
  if (judged(result, standings).size() == 1) {
    return fmt::format("{} kept up at up to {}.", judged(result, standings).front(), format_level(standings.back().at));
  }
  const auto slower = who_and_where(result, standings, &Standing::slower, "was slower");
  if (!slower.empty()) return fmt::format("All kept up, but {}.", slower);
  return fmt::format("No difference in response time shown up to {}.", format_level(standings.back().at));
}

/// "Up to 160/s nobody can tell them apart.", where that is not so at every level.
std::string sameness(const Standings& standings) {
  if (standings.front().level.size() < 2) return {};
  const auto first_apart = std::ranges::find_if_not(standings, all_level);
  if (first_apart == standings.begin() || first_apart == standings.end()) return {};
  return fmt::format("Up to {} nobody can tell them apart by response time. ",
                     format_level(std::prev(first_apart)->at));
}

/// What the cheapest and the dearest of those that kept up at the highest level paid, if it differs beyond chance: in
/// CPU time or else in threads.
std::string cost(const Standing& standing) {
  const Contenders all = kept_up(standing);
  if (all.size() < 2) return {};
  const Contender low = cheapest(all);
  const std::string level = format_level(standing.at);
  const auto dearest = [&](Metric metric) {
    return *std::ranges::max_element(all, {}, [metric](const Contender& one) { return one.median(metric); });
  };
  if (const Contender high = dearest(Metric::cpu); higher(high[Metric::cpu], low[Metric::cpu])) {
    return fmt::format(" For that, {} spent {:.0f} µs of CPU on a request at {}, and {} {:.0f} µs.", low.name(),
                       low.median(Metric::cpu), level, high.name(), high.median(Metric::cpu));
  }
  if (const Contender high = dearest(Metric::threads); higher(high[Metric::threads], low[Metric::threads])) {
    return fmt::format(" For that, {} had {:.0f} threads at {}, and {} {:.0f}.", low.name(),
                       low.median(Metric::threads), level, high.name(), high.median(Metric::threads));
  }
  return {};
}

}  // namespace

std::string headline(const ExperimentResult& result, const Standings& standings) {
  if (standings.empty()) return "Nothing can be said: no valid run was made.";
  Standings by_level = standings;
  std::ranges::sort(by_level, {}, [](const Standing& standing) { return standing.at.value; });
  return sameness(by_level) + difference(result, by_level) + cost(by_level.back());
}

}  // namespace waitlab::client
