#include "client/report/headline.hpp"

#include "client/report/figures.hpp"
#include "client/report/target_names.hpp"
#include "client/report/wording.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

namespace waitlab::client {
namespace {

using Standings = std::span<const Standing>;
using Group = Contenders Standing::*;

/// Of rates of good answers, whether there were repeats or not.
constexpr double clear_difference = 1.5;

const Contender* find(const Contenders& contenders, const ExperimentTarget& target) {
  const auto found = std::ranges::find(contenders, &target, &Contender::target);
  return found == contenders.end() ? nullptr : &*found;
}

bool all_level(const Standing& standing) {
  return standing.behind.empty() && standing.slower.empty();
}

/// The targets of which `holds` is true, in the experiment's order.
template <class Predicate>
std::vector<const ExperimentTarget*> targets_where(const ExperimentResult& result, Predicate holds) {
  std::vector<const ExperimentTarget*> targets;
  for (const ExperimentTarget& target : result.targets) {
    if (holds(target)) targets.push_back(&target);
  }
  return targets;
}

/// Whether the target is in a group at any of the levels.
bool ever(Standings standings, Group group, const ExperimentTarget& target) {
  return std::ranges::any_of(standings, [&](const Standing& standing) { return find(standing.*group, target); });
}

bool judged(Standings standings, const ExperimentTarget& target) {
  return ever(standings, &Standing::behind, target) || ever(standings, &Standing::slower, target) ||
         ever(standings, &Standing::level, target);
}

/// " with 8.1 (7.4–8.9) times event-loop's p99", or nothing where it can't be told.
std::string by_how_much(const Contender& one, const Contender& best) {
  const auto metric = slower_by(one, best);
  if (!metric || best[*metric]->min <= 0) return {};
  return fmt::format(" with {} {}'s {}", times(*one[*metric], *best[*metric]), best.name(), text_of(*metric).name);
}

/// "fixed-pool-16 fell behind at 400/s with 8.1 (7.4–8.9) times event-loop's p99 and x at 500/s", each target at the
/// lowest level at which it is in that group; or nothing. Only of a single target it is told by how much.
std::string who_and_where(const ExperimentResult& result, Standings standings, Group group, const std::string& what) {
  std::vector<std::string> parts;
  for (std::size_t level = 0; level < standings.size(); ++level) {
    const Contenders& here = standings[level].*group;
    const auto first_here = targets_where(result, [&](const ExperimentTarget& target) {
      return find(here, target) && !ever(standings.first(level), group, target);
    });
    if (first_here.empty()) continue;
    std::string part = names_of(first_here) + (parts.empty() ? " " + what : "");
    part += " at " + format_level(standings[level].at);
    if (first_here.size() == 1) part += by_how_much(*find(here, *first_here.front()), standings[level].best);
    parts.push_back(std::move(part));
  }
  return enumerate(parts);
}

/// "; event-loop kept up throughout"; nothing where nobody is seen to have, but runs that could tell are missing or
/// invalid.
std::string who_kept_up(const ExperimentResult& result, Standings standings) {
  const auto never_behind = targets_where(
      result, [&](const ExperimentTarget& target) { return !ever(standings, &Standing::behind, target); });
  const auto throughout = targets_where(result, [&](const ExperimentTarget& target) {
    return std::ranges::all_of(standings, [&](const Standing& standing) {
      return find(standing.slower, target) || find(standing.level, target);
    });
  });
  if (!throughout.empty()) return fmt::format("; {} kept up throughout", names_of(throughout));
  return never_behind.empty() ? "; nobody kept up throughout" : "";
}

/// Where response times begin to differ, if they do. `begins`: a sentence begins with it.
std::string difference(const ExperimentResult& result, Standings standings, bool begins) {
  const auto all = targets_where(result, [&](const ExperimentTarget& target) { return judged(standings, target); });
  const std::string where = (standings.size() > 1 ? "up to " : "at ") + format_level(standings.back().at);
  if (auto behind = who_and_where(result, standings, &Standing::behind, "fell behind"); !behind.empty()) {
    return all.size() == 1 ? behind : behind + who_kept_up(result, standings);
  }
  if (all.size() == 1) return fmt::format("{} kept up {}", all.front()->name, where);
  const auto slower = who_and_where(result, standings, &Standing::slower, "was slower");
  if (!slower.empty()) return (begins ? "All" : "all") + (" kept up, but " + slower);
  return "No difference in response time shown " + where;
}

/// "Up to 160/s nobody can tell them apart by response time; ", where that is not so at every level.
std::string sameness(Standings standings) {
  if (standings.front().level.size() < 2) return {};
  const auto first_apart = std::ranges::find_if_not(standings, all_level);
  if (first_apart == standings.begin() || first_apart == standings.end()) return {};
  return fmt::format("Up to {} nobody can tell them apart by response time; ",
                     format_level(std::prev(first_apart)->at));
}

/// Where nobody kept up, who got the most done all the same: "; at 200/s queue-16 still answered 155/s well, and
/// queue-1000 no more than 33/s". Nothing where they differ by less than half.
std::string remains(const Standing& standing) {
  if (!kept_up(standing).empty()) return {};
  const auto [least, most] = std::ranges::minmax(standing.behind, {}, good_rate);
  if (good_rate(most) < clear_difference * good_rate(least)) return {};
  return fmt::format("; at {} {} still answered {} well, and {} no more than {}", format_level(standing.at),
                     most.name(), rate_text(good_rate(most)), least.name(), rate_text(good_rate(least)));
}

/// What the dearest of those that kept up at the highest level paid against the cheapest, if it is more beyond chance.
std::string cost(const Standing& standing) {
  const Contenders all = kept_up(standing);
  if (all.size() < 2) return {};
  const auto high = dearest(all);
  if (!high) return {};
  const Contender low = cheapest(all);
  return fmt::format(", and at {} {} took {} {}'s {}", format_level(standing.at), high->one.name(),
                     times(*high->one[high->metric], *low[high->metric]), low.name(),
                     high->metric == Metric::cpu ? "CPU per request" : "threads");
}

}  // namespace

std::string headline(const ExperimentResult& result, const std::vector<Standing>& standings) {
  if (standings.empty()) return "Nothing can be said: no valid run was made.";
  std::vector<Standing> by_level = standings;
  std::ranges::sort(by_level, {}, [](const Standing& standing) { return standing.at.value; });
  const std::string same = sameness(by_level);
  return same + difference(result, by_level, same.empty()) + cost(by_level.back()) + remains(by_level.back()) + ".";
}

}  // namespace waitlab::client
