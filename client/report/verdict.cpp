#include "client/report/verdict.hpp"

#include "client/report/difference.hpp"
#include "client/report/figures.hpp"
#include "client/report/headline.hpp"
#include "client/report/standing.hpp"
#include "client/report/wording.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace waitlab::client {
namespace {

constexpr double errors_worth_telling = 1;  // percent
constexpr double queue_worth_telling = 1;   // requests

/// "1.9 s, 8.1 times event-loop's 233 ms"; the comparison only where it is beyond chance.
std::string against_best(const Contender& one, const Contender& best, Metric metric) {
  if (!higher(one[metric], best[metric])) return time_text(one, metric);
  return fmt::format("{}, {} {}'s {}", time_text(one, metric), times(one.median(metric) / best.median(metric)),
                     best.name(), time_text(best, metric));
}

/// Where threads and holds set a limit below what came in, that is why; else only what was seen is told.
std::string why_behind(const Contender& one) {
  const double arrived = one.median(Metric::arrived);
  const double hold_seconds = one.median(Metric::hold) / 1e3;
  if (one.target->threads && hold_seconds > 0) {
    const double capacity = *one.target->threads / hold_seconds;
    if (capacity < arrived) {
      return fmt::format(
          "{} has {} threads and holds averaging {}, so it can finish about {}: {} more came in than could leave",
          one.name(), *one.target->threads, time_text(one, Metric::hold), rate_text(capacity),
          rate_text(arrived - capacity));
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
  return enumerate(parts) + ".";
}

std::string tell_slower(const Contender& one, const Standing& standing) {
  const std::string queue = one.median(Metric::queued) > queue_worth_telling
                                ? fmt::format("; at least {:.0f} requests queued in it", one.median(Metric::queued))
                                : "";
  const Metric metric = slower_by(one, standing.best).value_or(Metric::p99);
  return fmt::format("{} kept up, but its {} was {}{}.", one.name(), text_of(metric).name,
                     against_best(one, standing.best, metric), queue);
}

/// Who is left when those that fell behind and the slower ones are told.
std::string tell_level(const Standing& standing) {
  const Contenders& level = standing.level;
  const bool all = standing.behind.empty() && standing.slower.empty();
  if (level.empty()) return "Nobody kept up.";
  if (level.size() == 1) {
    return fmt::format("{} kept up with a p99 of {}.", level.front().name(), time_text(level.front(), Metric::p99));
  }
  if (all) {
    return fmt::format("Nobody can tell {} apart by response time: {}.", names_of(level), level_times(level));
  }
  return fmt::format("{} kept up and can't be told apart: {}.", names_of(level), level_times(level));
}

/// "thread-per-request took 2.1 times event-loop's CPU per request and 3.0 times its memory, with 41 threads
/// against 2."
std::string tell_cost(const Contender& one, const Contender& cheapest) {
  std::vector<std::string> parts;
  const auto compare_metric = [&](Metric metric, const std::string& what) {
    if (!higher(one[metric], cheapest[metric])) return;
    parts.push_back(fmt::format("{} {} {}", times(one.median(metric) / cheapest.median(metric)),
                                parts.empty() ? cheapest.name() + "'s" : "its", what));
  };
  compare_metric(Metric::cpu, "CPU per request");
  compare_metric(Metric::memory, "memory");
  compare_metric(Metric::switches, "context switches");
  if (parts.empty()) return {};
  const std::string threads = differs(one[Metric::threads], cheapest[Metric::threads])
                                  ? fmt::format(", with {:.0f} threads against {:.0f}", one.median(Metric::threads),
                                                cheapest.median(Metric::threads))
                                  : "";
  return fmt::format("{} took {}{}.", one.name(), enumerate(parts), threads);
}

/// The cost of keeping up, against the one that did so with the least CPU.
std::vector<std::string> tell_costs(const Standing& standing) {
  Contenders kept_up = standing.level;
  std::ranges::copy(standing.slower, std::back_inserter(kept_up));
  std::erase_if(kept_up, [](const Contender& one) { return !one[Metric::cpu]; });
  std::vector<std::string> sentences;
  if (kept_up.size() < 2) return sentences;
  const Contender cheapest =
      *std::ranges::min_element(kept_up, {}, [](const Contender& one) { return one.median(Metric::cpu); });
  for (const Contender& one : kept_up) {
    if (one.cell == cheapest.cell) continue;
    if (auto sentence = tell_cost(one, cheapest); !sentence.empty()) sentences.push_back(std::move(sentence));
  }
  if (sentences.empty()) sentences.emplace_back("What they cost differs no more than the repeats do.");
  return sentences;
}

std::string finding(const Standing& standing) {
  std::vector<std::string> sentences;
  for (const Contender& one : standing.behind)
    sentences.push_back(tell_behind(one, standing));
  for (const Contender& one : standing.slower)
    sentences.push_back(tell_slower(one, standing));
  sentences.push_back(tell_level(standing));
  std::ranges::copy(tell_costs(standing), std::back_inserter(sentences));
  std::string text = fmt::format("At {}:", format_rate(standing.rate));
  for (const std::string& sentence : sentences)
    text += " " + sentence;
  return text;
}

std::vector<std::string> tell_unjudged(const ExperimentResult& result, const Comparison& comparison) {
  std::vector<std::string> sentences;
  for (const RateGroup& group : comparison) {
    for (const Cell& cell : group.cells) {
      if (cell.runs > 0 && cell.valid) continue;
      sentences.push_back(fmt::format("Not judged: {} at {} ({}).", result.targets[cell.target].name,
                                      format_rate(group.rate), trouble_text(cell)));
    }
  }
  return sentences;
}

}  // namespace

Verdict judge_experiment(const ExperimentResult& result, const Comparison& comparison) {
  Verdict verdict;
  std::vector<Standing> standings;
  for (const RateGroup& group : comparison) {
    Standing standing = rank(result, group);
    if (standing.empty()) continue;
    verdict.findings.push_back(finding(standing));
    standings.push_back(std::move(standing));
  }
  verdict.headline = headline(result, standings);
  std::ranges::copy(tell_unjudged(result, comparison), std::back_inserter(verdict.findings));
  return verdict;
}

}  // namespace waitlab::client
