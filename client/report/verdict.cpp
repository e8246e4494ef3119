#include "client/report/verdict.hpp"

#include "client/report/difference.hpp"
#include "client/report/figures.hpp"
#include "client/report/headline.hpp"
#include "client/report/standing.hpp"
#include "client/report/wording.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace waitlab::client {
namespace {

constexpr double errors_worth_telling = 1;  // percent
constexpr double queue_worth_telling = 1;   // requests
constexpr std::size_t most_told_singly = 3;

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
  return fmt::format("{} answered only {} of the {} that came in", one.name(), rate_text(good_rate(one)),
                     rate_text(arrived));
}

std::string tell_behind(const Contender& one, const Standing& standing) {
  std::vector<std::string> parts{why_behind(one)};
  if (one.median(Metric::queued) > queue_worth_telling) {
    parts.push_back(fmt::format("its queue grew to at least {:.0f}", one.median(Metric::queued)));
  }
  if (one.median(Metric::errors) > errors_worth_telling) {
    parts.push_back(fmt::format("{:.0f} % of its requests went wrong", one.median(Metric::errors)));
  }
  if (one[Metric::p99]) {
    parts.push_back("its p99 reached " + against_best(one, standing.best, Metric::p99));
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
    const auto [least, most] = std::ranges::minmax(behind, {}, good_rate);
    clauses.push_back(fmt::format("{} answered only {} to {} of the {} that came in", names_of(behind),
                                  rate_text(good_rate(least)), rate_text(good_rate(most)),
                                  rate_text(least.median(Metric::arrived))));
  }
  if (kept_up(standing).empty()) clauses.emplace_back("nobody kept up");
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
    return fmt::format("nobody can tell {} apart by response time: {}", names_of(level), level_times(level));
  }
  return fmt::format("{} kept up and can't be told apart: {}", names_of(level), level_times(level));
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
  if (clauses.empty()) return "What they cost differs no more than the repeats do";
  const auto most = dearest(all);
  if (clauses.size() <= most_told_singly || !most) return join_clauses(clauses);
  return tell_cost(most->one, one_cheapest) + ", the most of all";
}

/// At most three sentences: who fell behind, who kept up, and what that cost.
std::string finding(const Standing& standing) {
  std::vector<std::string> fast_enough = tell_all_slower(standing);
  fast_enough.push_back(tell_level(standing));
  std::string text = fmt::format("At {}:", format_level(standing.at));
  for (const std::string& sentence :
       {join_clauses(tell_all_behind(standing)), join_clauses(fast_enough), tell_costs(standing)}) {
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
        shared.push_back(shared_repeats(*all[one][Metric::arrived], *all[other][Metric::arrived]));
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
      "In brackets: 95 % intervals over {} repeats. What they leave open is not called a difference.{}", repeats,
      without_chance > 0 ? " Of targets that share only one valid repeat it takes a ratio of 1.5, and how "
                           "much of that is chance is not known."
                         : "");
}

std::vector<std::string> tell_unjudged(const ExperimentResult& result, const Comparison& comparison) {
  std::vector<std::string> sentences;
  for (const LevelGroup& group : comparison) {
    for (const Cell& cell : group.cells) {
      if (cell.runs > 0 && cell.valid) continue;
      sentences.push_back(fmt::format("Not judged: {} at {} ({}).", result.targets[cell.target].name,
                                      format_level(group.level), trouble_text(cell)));
    }
  }
  return sentences;
}

}  // namespace

Verdict judge_experiment(const ExperimentResult& result, const Comparison& comparison) {
  Verdict verdict;
  std::vector<Standing> standings;
  for (const LevelGroup& group : comparison) {
    Standing standing = rank(result, group);
    if (standing.empty()) continue;
    verdict.findings.push_back(finding(standing));
    standings.push_back(std::move(standing));
  }
  verdict.headline = headline(result, standings);
  verdict.uncertainty = tell_uncertainty(result, standings);
  std::ranges::copy(tell_unjudged(result, comparison), std::back_inserter(verdict.findings));
  return verdict;
}

}  // namespace waitlab::client
