#include "client/check/pool_laws.hpp"

#include "client/check/stays.hpp"
#include "client/stats/time_summary.hpp"
#include "client/theory/queueing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>
#include <numeric>
#include <queue>

namespace waitlab::client {

using std::chrono::nanoseconds;

ReplayResidual replay(const std::vector<Stay>& stays, unsigned threads) {
  // The latest ends so far, as many as there are threads: from the first of them on, a thread is free.
  std::priority_queue<nanoseconds, std::vector<nanoseconds>, std::greater<>> ends(
      std::greater<>(), std::vector<nanoseconds>(threads, nanoseconds::min()));
  std::vector<double> residuals;
  residuals.reserve(stays.size());
  for (const Stay& stay : stays) {
    const nanoseconds ideal = std::max(stay.enqueued, ends.top());
    residuals.push_back(Seconds(std::chrono::abs(stay.started - ideal)).count());
    ends.push(stay.ended);
    ends.pop();
  }
  return {.p50 = Seconds(quantile(residuals, 0.5)), .p99 = Seconds(quantile(residuals, 0.99))};
}

namespace {

/// What replay allows a start to be off by, at p50 and at p99.
Seconds allowed_at_p50(const PoolLoad& pool) {
  return std::max(pool.mean_hold * 0.01, Seconds(0.0001));
}

Seconds allowed_at_p99(const PoolLoad& pool) {
  return std::max(pool.mean_hold * 0.1, Seconds(0.001));
}

/// The share of the starts that replay allows to be off by any time.
constexpr double beyond_p99 = 0.01;

std::optional<std::string> too_busy(const PoolLoad& pool) {
  const double utilisation = pool.utilisation();
  if (utilisation <= most_judged_utilisation * (1 + utilisation_slack)) return std::nullopt;
  if (utilisation < 1) {
    return fmt::format("at a utilisation of {:.2f}, above {}, little overheads move it far", utilisation,
                       most_judged_utilisation);
  }
  return fmt::format("overloaded: more is offered than {} threads can do; the wait grows {:.2f} s a second",
                     pool.threads, PoolQueue(pool.rate, pool.mean_hold, pool.threads).wait_growth());
}

Finding seconds_finding(const char* law, std::string figure, Seconds predicted, Seconds measured) {
  return {.law = law,
          .figure = std::move(figure),
          .unit = FigureUnit::seconds,
          .predicted = predicted.count(),
          .measured = measured.count()};
}

Finding residual(const char* figure, Seconds measured, Seconds allowed, const std::optional<std::string>& why_not) {
  Finding finding = seconds_finding("replay", figure, Seconds(0), measured);
  finding.tolerance = Band{.low = 0, .high = allowed.count()};
  return judged(finding, why_not);
}

struct Measured {
  std::size_t requests = 0;
  QueueFigures figures;
  bool waits_known = false;
};

/// From the server's log, or else as the client saw it.
std::optional<Measured> measured_figures(const LoadResult& load, const RunLogs& logs, nanoseconds noticeable) {
  const std::vector<Stay> stays = logs.stays();
  if (!stays.empty()) return Measured{stays.size(), queue_figures(stays, noticeable), true};
  const HdrHistogram& service = load.record.service_time.values;
  const TimeFigure p99 = percentile(service, 0.99);
  if (!p99.value) return std::nullopt;
  return Measured{service.count(), {.mean = nanoseconds(std::llround(service.mean_ns())), .p99 = *p99.value}, false};
}

std::vector<Band> honest_bands(const PoolLoad& pool, const Measured& measured, nanoseconds noticeable,
                               const SimulationPlan& plan) {
  FigureSample means, p99s, waits;
  simulate_runs({.requests = measured.requests,
                 .rate = pool.rate,
                 .threads = pool.threads,
                 .holds = {},
                 .mean_hold = pool.mean_hold},
                plan, [&](const std::vector<Stay>& run) {
                  const QueueFigures figures = queue_figures(run, noticeable);
                  means.push_back(figures.mean.count());
                  p99s.push_back(figures.p99.count());
                  waits.push_back(figures.wait_share);
                });
  std::vector<FigureSample> samples{std::move(means), std::move(p99s)};
  if (measured.waits_known) samples.push_back(std::move(waits));
  std::vector<Band> bands = joint_bands(samples, plan.share);
  if (measured.waits_known) bands.back().high += beyond_p99;
  return bands;
}

Finding allen_cunneen(const RunLogs& logs, const PoolQueue& queue, const Measured& measured) {
  const Seconds wait =
      allen_cunneen_wait(queue, squared_variation(logs.gaps()), squared_variation(seconds_of(logs.thread_holds())));
  const Seconds hold = queue.mean_response() - queue.mean_wait();
  return judged(seconds_finding("Erlang-C", "mean, Allen-Cunneen", wait + hold, measured.figures.mean),
                "an approximation, for sanity");
}

}  // namespace

std::optional<PoolLoad> pool_load(const RunLogs& logs, unsigned threads) {
  const std::vector<nanoseconds> holds = logs.thread_holds();
  const nanoseconds sum = std::accumulate(holds.begin(), holds.end(), nanoseconds(0));
  if (sum.count() == 0 || logs.rate() == 0) return std::nullopt;
  return PoolLoad{
      .threads = threads, .rate = logs.rate(), .mean_hold = Seconds(sum) / static_cast<double>(holds.size())};
}

std::vector<Finding> check_replay(const RunLogs& logs, const PoolLoad& pool, const Conditions& conditions) {
  const std::vector<Stay> stays = logs.stays();
  if (stays.empty()) return {judged({.law = "replay", .figure = "start, off by"}, "it needs the server's request log")};
  const ReplayResidual found = replay(stays, pool.threads);
  const auto why_not = broken({&conditions.alone, &conditions.one_strategy, &conditions.complete});
  return {residual("start off by, p50", found.p50, allowed_at_p50(pool), why_not),
          residual("start off by, p99", found.p99, allowed_at_p99(pool), why_not)};
}

std::vector<Finding> check_erlang(const LoadResult& load, const RunLogs& logs, const PoolLoad& pool,
                                  const Conditions& conditions, const SimulationPlan& plan) {
  constexpr const char* law = "Erlang-C";
  const auto noticeable = std::chrono::duration_cast<nanoseconds>(allowed_at_p99(pool));
  const auto measured = measured_figures(load, logs, noticeable);
  const PoolQueue queue(pool.rate, pool.mean_hold, pool.threads);
  auto why_not = broken({&conditions.valid, &conditions.complete, &conditions.poisson, &conditions.connections,
                         &conditions.listen_queue, &conditions.alone, &conditions.one_strategy,
                         &conditions.backend_uncapped, &conditions.exponential});
  if (!why_not) why_not = too_busy(pool);
  if (!measured) return {judged({.law = law, .figure = "mean response"}, "too few responses")};
  if (!queue.stable()) return {judged({.law = law, .figure = "mean response"}, why_not)};
  std::vector<Finding> findings{
      seconds_finding(law, "mean response", queue.mean_response(), measured->figures.mean),
      seconds_finding(law, "p99 response", queue.response_quantile(0.99), measured->figures.p99)};
  if (measured->waits_known) {
    findings.push_back({.law = law,
                        .figure = fmt::format("waited > {:.2g} ms", Seconds(noticeable).count() * 1e3),
                        .unit = FigureUnit::share,
                        .predicted = queue.wait_tail(noticeable),
                        .measured = measured->figures.wait_share});
  }
  const std::vector<Band> bands = honest_bands(pool, *measured, noticeable, plan);
  for (std::size_t index = 0; index < findings.size(); ++index) {
    findings[index].tolerance = bands[index];
    findings[index] = judged(findings[index], why_not);
  }
  const bool other_laws = conditions.exponential.met == false || conditions.poisson.met == false;
  if (other_laws) findings.push_back(allen_cunneen(logs, queue, *measured));
  return findings;
}

}  // namespace waitlab::client
