#include "client/report/verdict.hpp"

#include "client/report/difference.hpp"
#include "client/report/figure_text.hpp"
#include "client/report/headline.hpp"
#include "client/report/passing.hpp"
#include "client/report/standing.hpp"
#include "client/report/wording.hpp"
#include "client/stats/time_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <utility>

namespace waitlab::client {
namespace {

constexpr double fewest_errors_told = 0.1;  // percent
constexpr double shortest_queue_told = 1;   // requests
constexpr std::size_t most_told_singly = 3;
constexpr std::array costs{Metric::cpu, Metric::memory, Metric::switches, Metric::threads};

/// "1.9 s, 8.1 times event-loop's 233 ms". The comparison is left out where chance may explain it, or where the other
/// time is not known.
std::string against_best(const Entrant& one, const Entrant& best, Metric metric) {
  if (!is_slower(one, best, metric)) return time_text(one, metric);
  return fmt::format("{}, {} {}'s {}", time_text(one, metric), times(*one[metric], *best[metric]), best.name(),
                     time_text(best, metric));
}

/// The reason, where its workers can carry less than was offered; otherwise only what was measured.
std::string why_behind(const Entrant& one, const Level& level) {
  const auto capacity = capacity_of(*one.cell, level);
  const auto held = mean_held(*one.cell, level);
  if (!is_overbooked(one) || !capacity || !held)
    return fmt::format("{} served only {}", one.name(), served_of_arrived({one}));
  const Worker worker = one.target->facts ? one.target->facts->worker : Worker::thread;
  return fmt::format(
      "{} has {}, each of which a request holds for {} on average, so it can serve about {} of the {} "
      "offered",
      one.name(), counted_workers(*one.cell->workers, worker), short_time(*held), rate_text(*capacity),
      format_level(level));
}

/// Where it served what arrived, for that was less than was offered.
bool was_spared(const Entrant& one, const Standing& standing) {
  return is_overbooked(one) && !fell_behind(one, standing.window);
}

std::string tell_behind(const Entrant& one, const Standing& standing) {
  std::vector<std::string> parts{why_behind(one, standing.at)};
  if (was_spared(one, standing))
    parts.push_back(fmt::format("only {} arrived in these runs, by chance", rate_text(one.median(Metric::arrived))));
  if (one.median(Metric::queued) > shortest_queue_told) {
    parts.push_back(fmt::format("its queue reached at least {:.0f}", one.median(Metric::queued)));
  }
  if (one.median(Metric::errors) >= fewest_errors_told) {
    parts.push_back("its error rate was " + percent_text(one.median(Metric::errors)));
  }
  if (is_overbooked(one) || backlog_grew(one, standing.window)) {
    parts.emplace_back("waits keep growing while the overload lasts");
  } else if (one[Metric::p99]) {
    parts.push_back("its p99 was " + against_best(one, standing.best, Metric::p99));
  }
  return enumerate(parts);
}

/// One clause for each, or one for all where there are many.
std::vector<std::string> tell_all_behind(const Standing& standing) {
  const Entrants& behind = standing.behind;
  std::vector<std::string> clauses;
  if (behind.size() <= most_told_singly) {
    for (const Entrant& one : behind)
      clauses.push_back(tell_behind(one, standing));
  } else {
    clauses.push_back(fmt::format("{} served only {}", names_of(behind), served_of_arrived(behind)));
  }
  if (!behind.empty() && kept_up(standing).empty()) clauses.emplace_back("no target kept up");
  return clauses;
}

std::string tell_slower(const Entrant& one, const Standing& standing) {
  const std::string queue = one.median(Metric::queued) > shortest_queue_told
                                ? fmt::format(", with a queue of at least {:.0f}", one.median(Metric::queued))
                                : "";
  const Metric metric = slower_by(one, standing.best).value_or(Metric::p99);
  return fmt::format("{} kept up, but its {} was {}{}", one.name(), metric->name,
                     against_best(one, standing.best, metric), queue);
}

/// Of many, the largest difference stands for all.
std::string tell_slowest(const Standing& standing) {
  const Entrant& one = *std::ranges::max_element(standing.slower, {},
                                                 [](const Entrant& entrant) { return entrant.median(Metric::p99); });
  const Metric metric = slower_by(one, standing.best).value_or(Metric::p99);
  return fmt::format("{} kept up, but were slower than {}; {}'s {} was {}", names_of(standing.slower),
                     standing.best.name(), one.name(), metric->name, against_best(one, standing.best, metric));
}

std::vector<std::string> tell_all_slower(const Standing& standing) {
  const Entrants& slower = standing.slower;
  if (slower.size() > most_told_singly) return {tell_slowest(standing)};
  std::vector<std::string> clauses;
  for (const Entrant& one : slower)
    clauses.push_back(tell_slower(one, standing));
  return clauses;
}

/// The targets that neither fell behind nor were slower; nothing if there are none.
std::string tell_on_par(const Standing& standing) {
  const Entrants& on_par = standing.on_par;
  if (on_par.empty()) return {};
  if (on_par.size() == 1) {
    const Entrant& one = on_par.front();
    return one.name() + " kept up" + (one[Metric::p99] ? " with a p99 of " + time_text(one, Metric::p99) : "");
  }
  if (standing.behind.empty() && standing.slower.empty()) {
    return fmt::format("the response times of {} do not differ measurably: {}", names_of(on_par), times_on_par(on_par));
  }
  return fmt::format("{} kept up, and their response times do not differ measurably: {}", names_of(on_par),
                     times_on_par(on_par));
}

/// "Close to the limit, where a little more load makes long waits: a is 98 % busy, b 91 %", or nothing.
std::string tell_close(const Standing& standing) {
  std::vector<std::string> parts;
  for (const Entrant& one : kept_up(standing)) {
    if (!is_close_to_its_limit(one)) continue;
    parts.push_back(
        fmt::format("{}{} {}", one.name(), parts.empty() ? " is" : "", percent_text(one.median(Metric::utilisation))));
  }
  if (parts.empty()) return {};
  parts.front() += " busy";
  return fmt::format("Close to the limit, where a little more load makes long waits: {}", enumerate(parts));
}

/// "thread-per-request used 2.1 times event-loop's CPU per request, 3.0 times its memory and 14 times its threads (41
/// vs 3)"; nothing where no cost is higher by more than the repeats vary.
std::string tell_cost(const Entrant& one, const Entrant& cheapest) {
  std::vector<std::string> parts;
  const auto compare_metric = [&](Metric metric, const std::string& what) {
    if (!costs_more(one, cheapest, metric) || cheapest[metric]->min <= 0) return;
    parts.push_back(fmt::format("{} {} {}", times(*one[metric], *cheapest[metric]),
                                parts.empty() ? cheapest.name() + "'s" : "its", what));
  };
  compare_metric(Metric::cpu, "CPU per request");
  compare_metric(Metric::memory, "memory");
  compare_metric(Metric::switches, "context switches");
  compare_metric(Metric::threads, fmt::format("threads ({:.0f} vs {:.0f})", one.median(Metric::threads),
                                              cheapest.median(Metric::threads)));
  return parts.empty() ? std::string() : fmt::format("{} used {}", one.name(), enumerate(parts));
}

/// Nothing where one of them used more of something, or where what it used is not known.
std::string tell_same_costs(const Entrants& entrants) {
  if (!std::ranges::all_of(entrants, [](const Entrant& one) { return one[Metric::cpu].has_value(); })) return {};
  bool repeated = false;
  for (const Entrant& one : entrants) {
    for (const Entrant& other : entrants) {
      if (std::ranges::any_of(costs, [&](Metric cost) { return costs_more(one, other, cost); })) return {};
      repeated = repeated || (one.cell != other.cell && shared_repeats(one, other) > 1);
    }
  }
  return repeated ? "Their resource use does not differ measurably"
                  : "Their resource use differs no more than may be due to chance in a single repeat";
}

/// What the cheapest pays for it: nothing where it is among the fastest.
std::string but_slower(const Standing& standing, const Entrant& cheapest) {
  const bool slower =
      std::ranges::any_of(standing.slower, [&](const Entrant& one) { return one.cell == cheapest.cell; });
  return slower ? fmt::format(", but {} was slower", cheapest.name()) : "";
}

/// Whether nobody used more of anything.
bool is_costliest_in_all(const Entrant& one, const Entrants& all) {
  return std::ranges::all_of(costs, [&](Metric cost) {
    return std::ranges::all_of(all, [&](const Entrant& other) { return other.median(cost) <= one.median(cost); });
  });
}

/// How much more than the cheapest the other targets that kept up used; nothing where fewer than two kept up. Where
/// many used more, only the costliest is mentioned.
std::string tell_costs(const Standing& standing) {
  const Entrants all = kept_up(standing);
  if (all.size() < 2) return {};
  const Entrant one_cheapest = cheapest(all);
  std::vector<std::string> clauses;
  for (const Entrant& one : all) {
    if (one.cell == one_cheapest.cell) continue;
    if (auto clause = tell_cost(one, one_cheapest); !clause.empty()) clauses.push_back(std::move(clause));
  }
  if (clauses.empty()) return tell_same_costs(all);
  const auto most = costliest(all);
  const std::string but = but_slower(standing, one_cheapest);
  if (clauses.size() <= most_told_singly || !most) return join_clauses(clauses) + but;
  const std::string superlative = is_costliest_in_all(most->one, all) ? ", the most of all" : "";
  return tell_cost(most->one, one_cheapest) + superlative + but;
}

/// Of the targets that kept up: "Error rates: a 1.6 %, b 0.2 %"; or nothing.
std::string tell_errors(const Standing& standing) {
  Entrants some = kept_up(standing);
  std::erase_if(some, [](const Entrant& one) { return one.median(Metric::errors) < fewest_errors_told; });
  std::vector<std::string> shares;
  for (const Entrant& one : some)
    shares.push_back(fmt::format("{} {}", one.name(), percent_text(one.median(Metric::errors))));
  return shares.empty() ? "" : fmt::format("Error rate{}: {}", shares.size() == 1 ? "" : "s", fmt::join(shares, ", "));
}

/// The targets without a valid run; the reasons stand with the figures.
std::string tell_unjudged(const ExperimentResult& result, const LevelGroup& group) {
  std::vector<const ExperimentTarget*> targets;
  for (const Cell& cell : group.cells) {
    if (cell.runs == 0 || !cell.valid) targets.push_back(&result.targets[cell.target]);
  }
  return targets.empty() ? "" : "Not judged, for the reasons given: " + names_of(targets);
}

/// A few sentences: which targets fell behind, which kept up, what that cost, and which are not judged.
std::string finding(const ExperimentResult& result, const LevelGroup& group, const Standing& standing) {
  if (standing.empty()) return fmt::format("At {}: no valid run, for the reasons given.", format_level(group.level));
  std::vector<std::string> fast_enough = tell_all_slower(standing);
  fast_enough.push_back(tell_on_par(standing));
  std::string text = fmt::format("At {}:", format_level(group.level));
  const bool told = result.load.levels.size() == 1;  // by the headline
  if (const std::string passing = told ? "" : tell_passing(result, group); !passing.empty())
    text += " " + passing + ";";
  for (const std::string& sentence :
       {join_clauses(tell_all_behind(standing)), join_clauses(fast_enough), tell_close(standing), tell_errors(standing),
        tell_costs(standing), tell_unjudged(result, group)}) {
    if (!sentence.empty()) text += " " + sentence + ".";
  }
  return text;
}

/// For each two targets that are judged at the same level, the number of valid repeats that they share.
std::vector<std::size_t> shared_repeats(const std::vector<Standing>& standings) {
  std::vector<std::size_t> shared;
  for (const Standing& standing : standings) {
    const Entrants all = all_judged(standing);
    for (std::size_t one = 0; one < all.size(); ++one) {
      for (std::size_t other = 0; other < one; ++other)
        shared.push_back(shared_repeats(all[one], all[other]));
    }
  }
  return shared;
}

/// Nothing where nothing is compared.
std::string tell_uncertainty(const ExperimentResult& result, const std::vector<Standing>& standings) {
  std::vector<std::size_t> shared = shared_repeats(standings);
  if (shared.empty()) return {};
  if (result.repeats == 1)
    return "One repeat. Brackets: 95 % confidence intervals of the runs, which know nothing of what changes from run "
           "to "
           "run. Differences they do not confirm, or below a ratio of 1.5, are not reported.";
  const auto without_chance = std::erase_if(shared, [](std::size_t repeats) { return repeats < 2; });
  if (shared.empty())
    return "No two targets share more than one valid repeat: brackets know nothing of what changes from run to run.";
  const auto [fewest, most] = std::ranges::minmax(shared);
  const std::string repeats = fewest == most ? fmt::to_string(most) : fmt::format("{} to {}", fewest, most);
  return fmt::format(
      "{} repeats. Brackets: 95 % confidence intervals. Differences they do not confirm are not reported.{}", repeats,
      without_chance > 0 ? " Targets that share only one valid repeat are said to differ from a ratio of 1.5 on, by "
                           "intervals that know nothing of what changes from run to run."
                         : "");
}

}  // namespace

Verdict judge_experiment(const ExperimentResult& result, const Comparison& comparison) {
  Verdict verdict;
  std::vector<Standing> standings;
  for (const LevelGroup& group : comparison) {
    Standing standing = rank(result, group);
    verdict.findings.push_back(finding(result, group, standing));
    if (!standing.empty()) standings.push_back(std::move(standing));
  }
  verdict.headline = headline(result, standings);
  // The question that was put comes first.
  if (comparison.size() == 1) {
    if (const std::string passing = tell_passing(result, comparison.front()); !passing.empty())
      verdict.headline = fmt::format("{}. {}", passing, verdict.headline);
  }
  verdict.uncertainty = tell_uncertainty(result, standings);
  if (const std::string certainty = tell_certainty_of_passing(comparison); !certainty.empty())
    verdict.uncertainty += (verdict.uncertainty.empty() ? "" : " ") + certainty;
  return verdict;
}

}  // namespace waitlab::client
