#include "client/report/verdict.hpp"

#include "client/report/difference.hpp"
#include "client/report/figures.hpp"
#include "client/report/headline.hpp"
#include "client/report/standing.hpp"
#include "client/report/target_names.hpp"
#include "client/report/wording.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace waitlab::client {
namespace {

constexpr double errors_worth_telling = 0.1;  // percent
constexpr double queue_worth_telling = 1;     // requests
constexpr std::size_t most_told_singly = 3;
constexpr std::array costs{Metric::cpu, Metric::memory, Metric::switches, Metric::threads};

/// "1.9 s, 8.1 times event-loop's 233 ms"; the comparison only where it is beyond chance and what it compares with
/// known.
std::string against_best(const Contender& one, const Contender& best, Metric metric) {
  if (!higher(one[metric], best[metric]) || best[metric]->at_least) return time_text(one, metric);
  return fmt::format("{}, {} {}'s {}", time_text(one, metric), times(*one[metric], *best[metric]), best.name(),
                     time_text(best, metric));
}

/// Where threads and holds set a limit below what came in, that is why; else only what was seen is told.
std::string why_behind(const Contender& one) {
  const double arrived = one.median(Metric::arrived);
  const double hold_seconds = one.median(Metric::hold) / 1e3;
  if (one.target->threads && hold_seconds > 0) {
    const double capacity = *one.target->threads / hold_seconds;
    if (capacity < arrived) {
      return fmt::format(
          "{} has {} thread{} and holds averaging {}, so it can finish about {}: {} more came in than could leave",
          one.name(), *one.target->threads, *one.target->threads == 1 ? "" : "s", time_text(one, Metric::hold),
          rate_text(capacity), rate_text(arrived - capacity));
    }
  }
  return fmt::format("{} finished only {}", one.name(), done_of_due({one}));
}

std::string tell_behind(const Contender& one, const Standing& standing) {
  std::vector<std::string> parts{why_behind(one)};
  if (one.median(Metric::queued) > queue_worth_telling) {
    parts.push_back(fmt::format("its queue grew to at least {:.0f}", one.median(Metric::queued)));
  }
  if (one.median(Metric::errors) >= errors_worth_telling) {
    parts.push_back(percent_text(one.median(Metric::errors)) + " of its requests went wrong");
  }
  if (backlog_grew(one, standing.window)) {
    parts.emplace_back("the wait grows for as long as that lasts");
  } else if (one[Metric::p99]) {
    parts.push_back("its p99 was " + against_best(one, standing.best, Metric::p99));
  }
  return enumerate(parts);
}

/// Each by itself, or, where they are many, together.
std::vector<std::string> tell_all_behind(const Standing& standing) {
  const Contenders& behind = standing.behind;
  std::vector<std::string> clauses;
  if (behind.size() <= most_told_singly) {
    for (const Contender& one : behind)
      clauses.push_back(tell_behind(one, standing));
  } else {
    clauses.push_back(fmt::format("{} finished only {}", names_of(behind), done_of_due(behind)));
  }
  if (!behind.empty() && kept_up(standing).empty()) clauses.emplace_back("nobody kept up");
  return clauses;
}

std::string tell_slower(const Contender& one, const Standing& standing) {
  const std::string queue =
      one.median(Metric::queued) > queue_worth_telling
          ? fmt::format(", with at least {:.0f} requests queued in it", one.median(Metric::queued))
          : "";
  const Metric metric = slower_by(one, standing.best).value_or(Metric::p99);
  return fmt::format("{} kept up, but its {} was {}{}", one.name(), text_of(metric).name,
                     against_best(one, standing.best, metric), queue);
}

std::vector<std::string> tell_all_slower(const Standing& standing) {
  const Contenders& slower = standing.slower;
  if (slower.size() > most_told_singly)
    return {fmt::format("{} kept up, but were slower than {}", names_of(slower), standing.best.name())};
  std::vector<std::string> clauses;
  for (const Contender& one : slower)
    clauses.push_back(tell_slower(one, standing));
  return clauses;
}

/// Who is left when those that fell behind and the slower ones are told; nothing if nobody is.
std::string tell_level(const Standing& standing) {
  const Contenders& level = standing.level;
  if (level.empty()) return {};
  if (level.size() == 1) {
    const Contender& one = level.front();
    return one.name() + " kept up" + (one[Metric::p99] ? " with a p99 of " + time_text(one, Metric::p99) : "");
  }
  if (standing.behind.empty() && standing.slower.empty()) {
    return fmt::format("{} show no difference in response time: {}", names_of(level), level_times(level));
  }
  return fmt::format("{} kept up and show no difference: {}", names_of(level), level_times(level));
}

/// "thread-per-request took 2.1 times event-loop's CPU per request, 3.0 times its memory and 14 times its threads (41
/// against 3)"; nothing where no cost is higher beyond the repeats' spread.
std::string tell_cost(const Contender& one, const Contender& cheapest) {
  std::vector<std::string> parts;
  const auto compare_metric = [&](Metric metric, const std::string& what) {
    if (!higher(one[metric], cheapest[metric]) || cheapest[metric]->min <= 0) return;
    parts.push_back(fmt::format("{} {} {}", times(*one[metric], *cheapest[metric]),
                                parts.empty() ? cheapest.name() + "'s" : "its", what));
  };
  compare_metric(Metric::cpu, "CPU per request");
  compare_metric(Metric::memory, "memory");
  compare_metric(Metric::switches, "context switches");
  compare_metric(Metric::threads, fmt::format("threads ({:.0f} against {:.0f})", one.median(Metric::threads),
                                              cheapest.median(Metric::threads)));
  return parts.empty() ? std::string() : fmt::format("{} took {}", one.name(), enumerate(parts));
}

/// Nothing where one of them was dearer in something, or what it cost is not known.
std::string tell_same_costs(const Contenders& contenders) {
  if (!std::ranges::all_of(contenders, [](const Contender& one) { return one[Metric::cpu].has_value(); })) return {};
  bool repeated = false;
  for (const Contender& one : contenders) {
    for (const Contender& other : contenders) {
      if (std::ranges::any_of(costs, [&](Metric cost) { return higher(one[cost], other[cost]); })) return {};
      repeated = repeated || (one.cell != other.cell && shared_repeats(one, other) > 1);
    }
  }
  return repeated ? "No difference in what they cost was shown"
                  : "What they cost differs by less than half, which a single repeat can't tell from chance";
}

/// What keeping up cost, against the one that did so the cheapest; nothing where fewer than two did. Where many paid
/// more, only who paid the most is told.
std::string tell_costs(const Standing& standing) {
  const Contenders all = kept_up(standing);
  if (all.size() < 2) return {};
  const Contender one_cheapest = cheapest(all);
  std::vector<std::string> clauses;
  for (const Contender& one : all) {
    if (one.cell == one_cheapest.cell) continue;
    if (auto clause = tell_cost(one, one_cheapest); !clause.empty()) clauses.push_back(std::move(clause));
  }
  if (clauses.empty()) return tell_same_costs(all);
  const auto most = dearest(all);
  if (clauses.size() <= most_told_singly || !most) return join_clauses(clauses);
  return tell_cost(most->one, one_cheapest) + ", the most of all";
}

/// Of those that kept up: "1.6 % of a's requests went wrong"; or nothing.
std::string tell_errors(const Standing& standing) {
  Contenders some = kept_up(standing);
  std::erase_if(some, [](const Contender& one) { return one.median(Metric::errors) < errors_worth_telling; });
  std::vector<std::string> shares;
  for (const Contender& one : some)
    shares.push_back(fmt::format("{} of {}'s", percent_text(one.median(Metric::errors)), one.name()));
  return shares.empty() ? "" : enumerate(shares) + " requests went wrong";
}

/// Those without a valid run; why is told with the figures.
std::string tell_unjudged(const ExperimentResult& result, const LevelGroup& group) {
  std::vector<const ExperimentTarget*> targets;
  for (const Cell& cell : group.cells) {
    if (cell.runs == 0 || !cell.valid) targets.push_back(&result.targets[cell.target]);
  }
  return targets.empty() ? "" : "Not judged, for the reasons given: " + names_of(targets);
}

/// A few sentences: who fell behind, who kept up, what that cost, and who is left out.
std::string finding(const ExperimentResult& result, const LevelGroup& group, const Standing& standing) {
  if (standing.empty())
    return fmt::format("At {}: nothing is judged, for the reasons given.", format_level(group.level));
  std::vector<std::string> fast_enough = tell_all_slower(standing);
  fast_enough.push_back(tell_level(standing));
  std::string text = fmt::format("At {}:", format_level(group.level));
  for (const std::string& sentence : {join_clauses(tell_all_behind(standing)), join_clauses(fast_enough),
                                      tell_errors(standing), tell_costs(standing), tell_unjudged(result, group)}) {
    if (!sentence.empty()) text += " " + sentence + ".";
  }
  return text;
}

/// How many valid repeats the targets share, of each two that are judged at the same level.
std::vector<std::size_t> shared_repeats(const std::vector<Standing>& standings) {
  std::vector<std::size_t> shared;
  for (const Standing& standing : standings) {
    const Contenders all = everybody(standing);
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
  if (result.repeats == 1) return "Each run was made once, so how much of a difference is chance is not known.";
  const auto without_chance = std::erase_if(shared, [](std::size_t repeats) { return repeats < 2; });
  if (shared.empty())
    return "No two targets share more than one valid repeat, so how much of a difference is chance is not known.";
  const auto [fewest, most] = std::ranges::minmax(shared);
  const std::string repeats = fewest == most ? fmt::to_string(most) : fmt::format("{} to {}", fewest, most);
  return fmt::format(
      "Over {} repeats. What their 95 % intervals, in brackets below, leave open is not called a difference.{}",
      repeats,
      without_chance > 0 ? " Of targets that share only one valid repeat it takes a ratio of 1.5, and how "
                           "much of that is chance is not known."
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
  verdict.uncertainty = tell_uncertainty(result, standings);
  return verdict;
}

}  // namespace waitlab::client
