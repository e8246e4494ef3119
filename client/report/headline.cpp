#include "client/report/headline.hpp"

#include "client/report/difference.hpp"
#include "client/report/figure_text.hpp"
#include "client/report/wording.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <iterator>
#include <optional>
#include <span>

namespace waitlab::client {
namespace {

using Standings = std::span<const Standing>;
using Targets = std::vector<const ExperimentTarget*>;

const Entrant* find(const Entrants& entrants, const ExperimentTarget& target) {
  const auto found = std::ranges::find(entrants, &target, &Entrant::target);
  return found == entrants.end() ? nullptr : &*found;
}

bool contains(const Targets& targets, const ExperimentTarget* target) {
  return std::ranges::find(targets, target) != targets.end();
}

/// Those of the entrants that are these targets, of which each must be there.
Entrants entrants_of(const Entrants& entrants, const Targets& targets) {
  Entrants some;
  for (const ExperimentTarget* target : targets)
    some.push_back(*find(entrants, *target));
  return some;
}

bool all_on_par(const Standing& standing) {
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

/// Whether the target is in this group at any of the levels.
bool ever(Standings standings, Entrants Standing::*group, const ExperimentTarget& target) {
  return std::ranges::any_of(standings, [&](const Standing& standing) { return find(standing.*group, target); });
}

/// "at 160/s", "up to 256/s".
std::string extent(Standings standings) {
  return (standings.size() > 1 ? "up to " : "at ") + format_level(standings.back().at);
}

/// " of a and b", where others could not be judged at each of these levels.
std::string of_whom(const ExperimentResult& result, Standings standings) {
  const Targets judged = targets_where(result, [&](const ExperimentTarget& target) {
    return std::ranges::all_of(standings, [&](const Standing& standing) { return find(standing.on_par, target); });
  });
  if (judged.size() == result.targets.size()) return {};
  return " of " + (judged.size() > 1 ? names_of(judged) : "the targets that could be judged");
}

/// "up to 160/s the response times do not differ measurably", over the levels below the first at which they do; or
/// nothing.
std::string sameness(const ExperimentResult& result, Standings standings) {
  const Standings before(standings.begin(), std::ranges::find_if_not(standings, all_on_par));
  if (std::ranges::none_of(before, [](const Standing& standing) { return standing.on_par.size() > 1; })) return {};
  return fmt::format("{} the response times{} do not differ measurably", extent(before), of_whom(result, before));
}

/// ": its p99 was 8.1 (7.4–8.9) times event-loop's", or nothing where that is not known.
std::string by_how_much(const Entrant& one, const Entrant& best) {
  const auto metric = slower_by(one, best);
  if (!metric || best[*metric]->min <= 0) return {};
  return fmt::format(": its {} was {} {}'s", (*metric)->name, times(*one[*metric], *best[*metric]), best.name());
}

/// How many times the best one's p99 that of a slower target was; nothing where it is slower by another figure.
std::optional<double> p99_ratio(const Entrant& one, const Entrant& best) {
  if (slower_by(one, best) != Metric::p99 || best[Metric::p99]->min <= 0) return std::nullopt;
  return ratio_of(*one[Metric::p99], *best[Metric::p99]).value;
}

/// Of slower targets, that with the largest ratio; nothing where no p99 says so.
const Entrant* slowest(const Entrants& slower, const Entrant& best) {
  const auto found =
      std::ranges::max_element(slower, {}, [&best](const Entrant& one) { return p99_ratio(one, best).value_or(0); });
  return found != slower.end() && p99_ratio(*found, best) ? &*found : nullptr;
}

/// "fixed-pool's p99 was 8.1 (7.4–8.9) times event-loop's".
std::string slowest_text(const Entrant& one, const Entrant& best) {
  return fmt::format("{}'s p99 was {} {}'s", one.name(), times(*one[Metric::p99], *best[Metric::p99]), best.name());
}

/// The targets that are slower, or fall behind, at this level for the first time. A target that fell behind is not
/// mentioned again.
Targets newly(const ExperimentResult& result, Standings standings, std::size_t level, Entrants Standing::*group) {
  const Standings below = standings.first(level);
  return targets_where(result, [&](const ExperimentTarget& target) {
    return find(standings[level].*group, target) && !ever(below, &Standing::behind, target) &&
           !ever(below, group, target);
  });
}

/// Those of the targets of whose entrants at this level `holds` is true.
template <class Predicate>
Targets those_that(const Targets& behind, const Standing& here, Predicate holds) {
  Targets some;
  std::ranges::copy_if(behind, std::back_inserter(some),
                       [&](const ExperimentTarget* target) { return holds(*find(here.behind, *target)); });
  return some;
}

/// "379/s", "300/s (a) to 379/s (b)": what overbooked targets can carry.
std::string capacities(const Entrants& entrants, const Level& level) {
  const auto capacity = [&level](const Entrant& one) { return capacity_of(*one.cell, level).value_or(0); };
  const auto [least, most] = std::ranges::minmax(entrants, {}, capacity);
  const std::string low = rate_text(capacity(least));
  const std::string high = rate_text(capacity(most));
  return low == high ? low : fmt::format("{} ({}) to {} ({})", low, least.name(), high, most.name());
}

/// "at 400/s a could not keep up and served 334 of 400 requests/s, and b was slower: its p99 was 1.2 times c's", or
/// nothing. `last`: the targets that the sentence mentioned last.
std::string departure(const ExperimentResult& result, Standings standings, std::size_t level, Targets& last) {
  const auto subject = [&](const Targets& targets) {
    const bool again = targets.size() == 1 && targets == last;
    last = targets;
    if (again) return std::string("it");
    return names_of(targets);
  };
  const Standing& here = standings[level];
  std::vector<std::string> parts;
  const Targets behind = newly(result, standings, level, &Standing::behind);
  const Targets late = those_that(behind, here, [&](const Entrant& one) { return fell_behind(one, here.window); });
  const Targets spared = those_that(behind, here, [&](const Entrant& one) { return !fell_behind(one, here.window); });
  if (late.size() > 1 && late.size() == result.targets.size()) {
    parts.push_back("no target kept up: they served " + served_of_arrived(here.behind));
  } else if (!late.empty()) {
    parts.push_back(fmt::format("{} could not keep up and served {}", subject(late),
                                served_of_arrived(entrants_of(here.behind, late))));
  }
  if (!spared.empty())
    parts.push_back(
        fmt::format("{} can carry only {}", subject(spared), capacities(entrants_of(here.behind, spared), here.at)));
  if (const Targets slower = newly(result, standings, level, &Standing::slower); !slower.empty()) {
    parts.push_back(subject(slower) + (slower.size() == 1 ? " was slower" : " were slower"));
    const Entrants entrants = entrants_of(here.slower, slower);
    const Entrant* const one = slowest(entrants, here.best);
    if (slower.size() == 1) {
      parts.back() += by_how_much(entrants.front(), here.best);
    } else if (one) {
      parts.back() += ": " + slowest_text(*one, here.best);
    }
  }
  return parts.empty() ? "" : fmt::format("at {} {}", format_level(here.at), fmt::join(parts, ", and "));
}

/// "at 256/s a was slower: its p50 was 1.2 times c's; at 400/s it could not keep up and served 334 of 400 requests/s",
/// or nothing.
std::string departures(const ExperimentResult& result, Standings standings) {
  Targets last;
  std::vector<std::string> clauses;
  for (std::size_t level = 0; level < standings.size(); ++level)
    clauses.push_back(departure(result, standings, level, last));
  return join_clauses(clauses);
}

/// The largest difference of any p99, if the departures have not told it: a target is said to be slower only where it
/// is for the first time. "at 400/s event-loop's p99 was 14 (12–16) times fixed-pool's", or nothing.
std::string largest_difference(const ExperimentResult& result, Standings standings) {
  std::size_t level = 0;
  const Entrant* most = nullptr;
  for (std::size_t next = 0; next < standings.size(); ++next) {
    const Entrant* const here = slowest(standings[next].slower, standings[next].best);
    if (!here) continue;
    if (most && p99_ratio(*here, standings[next].best) <= p99_ratio(*most, standings[level].best)) continue;
    most = here;
    level = next;
  }
  if (!most || contains(newly(result, standings, level, &Standing::slower), most->target)) return {};
  return fmt::format("at {} {}", format_level(standings[level].at), slowest_text(*most, standings[level].best));
}

/// Whether that says that no target kept up.
bool fell_behind_at_once(const ExperimentResult& result, Standings standings) {
  const auto first = std::ranges::find_if(standings, [](const Standing& one) { return !one.behind.empty(); });
  return first != standings.end() && first->behind.size() == result.targets.size();
}

/// "event-loop kept up throughout". Nothing where it goes without saying, or where no target is known to have kept up
/// but runs that could tell are missing or invalid.
std::string who_kept_up(const ExperimentResult& result, Standings standings) {
  if (std::ranges::all_of(standings, all_on_par)) return {};
  const auto behind = [&](const ExperimentTarget& target) { return ever(standings, &Standing::behind, target); };
  const Targets throughout = targets_where(result, [&](const ExperimentTarget& target) {
    return std::ranges::all_of(standings, [&](const Standing& standing) {
      return find(standing.slower, target) || find(standing.on_par, target);
    });
  });
  const Targets unmentioned = targets_where(result, [&](const ExperimentTarget& target) {
    return !behind(target) && !ever(standings, &Standing::slower, target);
  });
  const std::string kept_up = standings.size() > 1 ? " kept up throughout" : " kept up";
  if (throughout.empty()) {
    const bool none = std::ranges::all_of(result.targets, behind);
    return none && !fell_behind_at_once(result, standings) ? "no target" + kept_up : "";
  }
  if (throughout.size() == result.targets.size()) return "all" + kept_up;
  return (throughout.size() > 1 && throughout == unmentioned ? "the others" : names_of(throughout)) + kept_up;
}

/// How much more the costliest of the targets that kept up at the highest level used than the cheapest, if chance does
/// not explain it: "at 400/s a used 30 threads, b 3". A slower target is no measure of what others cost.
std::string cost(Standings standings) {
  const Standing& highest = standings.back();
  Entrants all = kept_up(highest);
  if (!all.empty() && find(highest.slower, *cheapest(all).target)) all = highest.on_par;
  const auto high = all.size() < 2 ? std::nullopt : costliest(all);
  if (!high) return {};
  const Entrant low = cheapest(all);
  const std::string where = standings.size() > 1 ? "at " + format_level(highest.at) + " " : "";
  if (high->metric == Metric::threads) {
    return fmt::format("{}{} used {:.0f} threads, {} {:.0f}", where, high->one.name(),
                       high->one.median(Metric::threads), low.name(), low.median(Metric::threads));
  }
  return fmt::format("{}{} used {} {}'s CPU per request", where, high->one.name(),
                     times(*high->one[high->metric], *low[high->metric]), low.name());
}

/// What the targets still served at the highest level, where none kept up and not all are mentioned there already.
std::string remains(const ExperimentResult& result, Standings standings) {
  const Standing& highest = standings.back();
  const Targets told = newly(result, standings, standings.size() - 1, &Standing::behind);
  if (!kept_up(highest).empty() || told.size() == highest.behind.size()) return {};
  return fmt::format("at {} they served {}", format_level(highest.at), served_of_arrived(highest.behind));
}

std::string as_sentence(std::string text) {
  text.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(text.front())));
  return text + ".";
}

/// Where this target is the only one that could be judged.
std::string alone(const ExperimentResult& result, Standings standings, const ExperimentTarget& target) {
  if (const auto departed = departures(result, standings); !departed.empty()) return as_sentence(departed);
  return fmt::format("{} kept up {}{}.", target.name, standings.size() > 1 ? "throughout, " : "", extent(standings));
}

std::string nothing(const ExperimentResult& result) {
  if (result.runs.empty()) return "No verdict: no run was made, for the reasons given.";
  return "No verdict: no run is valid, for the reasons given. Where they name the client or its CPU, close other "
         "programs and run it again.";
}

}  // namespace

std::string headline(const ExperimentResult& result, const std::vector<Standing>& standings) {
  if (standings.empty()) return nothing(result);
  std::vector<Standing> by_level = standings;
  std::ranges::sort(by_level, {}, [](const Standing& standing) { return standing.at.value; });
  const Targets judged = targets_where(result, [&](const ExperimentTarget& target) {
    return std::ranges::any_of(by_level, [&](const Standing& standing) { return find(all_judged(standing), target); });
  });
  if (judged.size() == 1) return alone(result, by_level, *judged.front());
  const std::string text = join_clauses({sameness(result, by_level), departures(result, by_level),
                                         largest_difference(result, by_level), who_kept_up(result, by_level)});
  if (text.empty()) return "Nothing can be compared: no two targets have valid runs at the same load.";
  return as_sentence(join_clauses({text, cost(by_level), remains(result, by_level)}));
}

}  // namespace waitlab::client
