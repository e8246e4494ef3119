#include "client/report/headline.hpp"

#include "client/report/figures.hpp"
#include "client/report/target_names.hpp"
#include "client/report/wording.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <span>

namespace waitlab::client {
namespace {

using Standings = std::span<const Standing>;
using Targets = std::vector<const ExperimentTarget*>;

const Contender* find(const Contenders& contenders, const ExperimentTarget& target) {
  const auto found = std::ranges::find(contenders, &target, &Contender::target);
  return found == contenders.end() ? nullptr : &*found;
}

bool all_level(const Standing& standing) {
  return standing.behind.empty() && standing.slower.empty();
}

/// The targets of which `holds` is true, in the experiment's order.
template <class Predicate>
Targets targets_where(const ExperimentResult& result, Predicate holds) {
  Targets targets;
  for (const ExperimentTarget& target : result.targets) {
    if (holds(target)) targets.push_back(&target);
  }
  return targets;
}

/// Whether the target is in a group at any of the levels.
bool ever(Standings standings, Contenders Standing::*group, const ExperimentTarget& target) {
  return std::ranges::any_of(standings, [&](const Standing& standing) { return find(standing.*group, target); });
}

/// "at 160/s", "up to 256/s".
std::string extent(Standings standings) {
  return (standings.size() > 1 ? "up to " : "at ") + format_level(standings.back().at);
}

/// " between a and b", where others could not be judged at each of these levels.
std::string between(const ExperimentResult& result, Standings standings) {
  const Targets judged = targets_where(result, [&](const ExperimentTarget& target) {
    return std::ranges::all_of(standings, [&](const Standing& standing) { return find(standing.level, target); });
  });
  if (judged.size() == result.targets.size()) return {};
  return " between " + (judged.size() > 1 ? names_of(judged) : "those that could be judged");
}

/// "up to 160/s no difference in response time shown", of the levels before the first at which there is one; or
/// nothing.
std::string sameness(const ExperimentResult& result, Standings standings) {
  const Standings before(standings.begin(), std::ranges::find_if_not(standings, all_level));
  if (std::ranges::none_of(before, [](const Standing& standing) { return standing.level.size() > 1; })) return {};
  const std::string shown = "no difference in response time shown" + between(result, before);
  return before.size() == standings.size() ? shown + " " + extent(before) : extent(before) + " " + shown;
}

/// ", with 8.1 (7.4–8.9) times event-loop's p99", or nothing where it can't be told.
std::string by_how_much(const Contender& one, const Contender& best) {
  const auto metric = slower_by(one, best);
  if (!metric || best[*metric]->min <= 0) return {};
  return fmt::format(", with {} {}'s {}", times(*one[*metric], *best[*metric]), best.name(), text_of(*metric).name);
}

/// The targets that are seen to be slower at this level for the first time, or to fall behind. One that fell behind
/// once is not told of again.
Targets newly(const ExperimentResult& result, Standings standings, std::size_t level, Contenders Standing::*group) {
  const Standings below = standings.first(level);
  return targets_where(result, [&](const ExperimentTarget& target) {
    return find(standings[level].*group, target) && !ever(below, &Standing::behind, target) &&
           !ever(below, group, target);
  });
}

/// "at 400/s a fell behind, finishing 334 of 400/s, and b was slower, with 1.2 times c's p99", or nothing. `last`: whom
/// the sentence spoke of.
std::string departure(const ExperimentResult& result, Standings standings, std::size_t level, Targets& last) {
  const auto subject = [&](const Targets& targets) {
    const bool again = targets.size() == 1 && targets == last;
    last = targets;
    if (again) return std::string("it");
    return targets.size() > 1 && targets.size() == result.targets.size() ? "all" : names_of(targets);
  };
  const Standing& here = standings[level];
  std::vector<std::string> parts;
  if (const Targets behind = newly(result, standings, level, &Standing::behind); !behind.empty()) {
    Contenders contenders;
    for (const ExperimentTarget* target : behind)
      contenders.push_back(*find(here.behind, *target));
    parts.push_back(fmt::format("{} fell behind, finishing {}", subject(behind), done_of_due(contenders)));
  }
  if (const Targets slower = newly(result, standings, level, &Standing::slower); !slower.empty()) {
    parts.push_back(subject(slower) + (slower.size() == 1 ? " was slower" : " were slower"));
    if (slower.size() == 1) parts.back() += by_how_much(*find(here.slower, *slower.front()), here.best);
  }
  return parts.empty() ? "" : fmt::format("at {} {}", format_level(here.at), fmt::join(parts, ", and "));
}

/// "at 256/s a was slower, with 1.2 times c's p50; at 400/s it fell behind, finishing 334 of 400/s", or nothing.
std::string departures(const ExperimentResult& result, Standings standings) {
  Targets last;
  std::vector<std::string> clauses;
  for (std::size_t level = 0; level < standings.size(); ++level)
    clauses.push_back(departure(result, standings, level, last));
  return join_clauses(clauses);
}

/// Whether that says of all that they fell behind.
bool fell_behind_at_once(const ExperimentResult& result, Standings standings) {
  const auto first = std::ranges::find_if(standings, [](const Standing& one) { return !one.behind.empty(); });
  return first != standings.end() && first->behind.size() == result.targets.size();
}

/// "event-loop kept up throughout"; nothing where nobody is seen to have, but runs that could tell are missing or
/// invalid, and where it goes without saying.
std::string who_kept_up(const ExperimentResult& result, Standings standings) {
  if (std::ranges::all_of(standings, all_level)) return {};
  const auto behind = [&](const ExperimentTarget& target) { return ever(standings, &Standing::behind, target); };
  const Targets throughout = targets_where(result, [&](const ExperimentTarget& target) {
    return std::ranges::all_of(standings, [&](const Standing& standing) {
      return find(standing.slower, target) || find(standing.level, target);
    });
  });
  const Targets unmentioned = targets_where(result, [&](const ExperimentTarget& target) {
    return !behind(target) && !ever(standings, &Standing::slower, target);
  });
  const std::string kept_up = standings.size() > 1 ? " kept up throughout" : " kept up";
  if (throughout.empty()) {
    const bool nobody = std::ranges::all_of(result.targets, behind);
    return nobody && !fell_behind_at_once(result, standings) ? "nobody" + kept_up : "";
  }
  if (throughout.size() == result.targets.size()) return "all" + kept_up;
  return (throughout.size() > 1 && throughout == unmentioned ? "the others" : names_of(throughout)) + kept_up;
}

/// What the dearest of those that kept up at the highest level paid against the cheapest, if it is more beyond chance:
/// ", and at 400/s a took 30 threads, b 3".
std::string cost(Standings standings) {
  const Standing& highest = standings.back();
  const Contenders all = kept_up(highest);
  const auto high = all.size() < 2 ? std::nullopt : dearest(all);
  if (!high) return {};
  const Contender low = cheapest(all);
  const std::string where = standings.size() > 1 ? "at " + format_level(highest.at) + " " : "";
  if (high->metric == Metric::threads) {
    return fmt::format(", and {}{} took {:.0f} threads, {} {:.0f}", where, high->one.name(),
                       high->one.median(Metric::threads), low.name(), low.median(Metric::threads));
  }
  return fmt::format(", and {}{} took {} {}'s CPU per request", where, high->one.name(),
                     times(*high->one[high->metric], *low[high->metric]), low.name());
}

/// What they still got done at the highest level, where nobody kept up and not all are told of there already.
std::string remains(const ExperimentResult& result, Standings standings) {
  const Standing& highest = standings.back();
  const Targets told = newly(result, standings, standings.size() - 1, &Standing::behind);
  if (!kept_up(highest).empty() || told.size() == highest.behind.size()) return {};
  return fmt::format("at {} they finished {}", format_level(highest.at), done_of_due(highest.behind));
}

std::string as_sentence(std::string text) {
  text.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(text.front())));
  return text + ".";
}

/// Where only this target is left, or was there at all.
std::string alone(const ExperimentResult& result, Standings standings, const ExperimentTarget& target) {
  if (const auto departed = departures(result, standings); !departed.empty()) return as_sentence(departed);
  return fmt::format("{} kept up {}{}.", target.name, standings.size() > 1 ? "throughout, " : "", extent(standings));
}

std::string nothing(const ExperimentResult& result) {
  if (result.runs.empty()) return "Nothing can be said: no run was made, for the reasons given.";
  return "Nothing can be said: no run is valid. Close other programs and run it again; the reasons given tell "
         "whether it takes more than that.";
}

}  // namespace

std::string headline(const ExperimentResult& result, const std::vector<Standing>& standings) {
  if (standings.empty()) return nothing(result);
  std::vector<Standing> by_level = standings;
  std::ranges::sort(by_level, {}, [](const Standing& standing) { return standing.at.value; });
  const Targets judged = targets_where(result, [&](const ExperimentTarget& target) {
    return std::ranges::any_of(by_level, [&](const Standing& standing) { return find(everybody(standing), target); });
  });
  if (judged.size() == 1) return alone(result, by_level, *judged.front());
  const std::string text =
      join_clauses({sameness(result, by_level), departures(result, by_level), who_kept_up(result, by_level)});
  if (text.empty()) return "Nothing can be compared: no two targets have valid runs at the same load.";
  return as_sentence(join_clauses({text + cost(by_level), remains(result, by_level)}));
}

}  // namespace waitlab::client
