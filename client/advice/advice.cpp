#include "client/advice/advice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace waitlab::client {
namespace {

constexpr unsigned most_told = 1'000'000'000;  // no machine has so many threads, and it fits

bool is_met(const ResponseGoal& goal, Seconds figure) {
  return figure < goal.limit;
}

unsigned least_stable(double offered_load) {
  return static_cast<unsigned>(std::min<double>(std::floor(offered_load) + 1, most_told));
}

SizedPool sized_pool(const AdviceLoad& load, unsigned threads) {
  const PoolResponse response(load.rate, load.hold, threads);
  return {.threads = threads, .figure = response.stable() ? std::optional(response.figure(load.goal)) : std::nullopt};
}

void size_pool(Advice& advice) {
  const AdviceLoad& load = advice.load;
  const auto threads = smallest_pool(load.rate, load.hold, load.goal, largest_pool);
  if (!threads) return;
  advice.meets = sized_pool(load, *threads);
  if (*threads > 1) advice.smaller = sized_pool(load, *threads - 1);
}

/// Whether the backend's own queue stands in the way of any strategy.
std::optional<AdviceOutcome> judge_backend(Advice& advice) {
  const AdviceLoad& load = advice.load;
  if (!load.backend_concurrency) return std::nullopt;
  const unsigned cap = *load.backend_concurrency;
  advice.backend_rate = cap / load.hold.mean().count();
  if (load.rate >= *advice.backend_rate) return AdviceOutcome::backend_full;
  if (!std::isfinite(load.hold.scv())) return std::nullopt;
  advice.backend_figure = sized_pool(load, cap).figure;
  if (!advice.backend_figure) return AdviceOutcome::backend_full;
  return is_met(load.goal, *advice.backend_figure) ? std::nullopt : std::optional(AdviceOutcome::backend_slow);
}

bool suffices(const Advice& advice, WaitKind kind) {
  return advice.cpus_needed(kind) <= busiest_share * advice.load.cpus;
}

bool is_pool_apt(const Advice& advice) {
  return advice.meets && advice.meets->threads <= most_pool_threads &&
         advice.meets->threads <= advice.load.thread_limit / 2 && advice.load.hold.scv() < heavy_scv &&
         suffices(advice, WaitKind::pool);
}

WaitKind kind_for(const Advice& advice) {
  if (is_pool_apt(advice)) return WaitKind::pool;
  if (advice.cpu_time(WaitKind::loop) > long_stretch_share * advice.load.goal.limit) return WaitKind::loop_with_pool;
  return advice.cpus_needed(WaitKind::loop) > busiest_share ? WaitKind::loops : WaitKind::loop;
}

unsigned size_for(const Advice& advice, WaitKind kind) {
  switch (kind) {
    case WaitKind::pool:
      return advice.meets->threads;
    case WaitKind::loops:
      return static_cast<unsigned>(std::ceil(std::min(advice.cpus_needed(kind) / busiest_share, advice.load.cpus)));
    case WaitKind::loop_with_pool:
      return static_cast<unsigned>(std::ceil(advice.load.cpus));
    case WaitKind::loop:
      break;
  }
  return 0;
}

}  // namespace

Seconds Advice::cpu_time(WaitKind of) const {
  return load.cpu_per_request.value_or(Seconds(measured_cost(of).cpu_us * 1e-6));
}

Result<ResponseGoal> response_goal(const Threshold& slo) {
  using Metric = Threshold::Metric;
  const bool computable = (slo.metric == Metric::percentile || slo.metric == Metric::mean) && !slo.service;
  const bool upper = slo.order == Threshold::Order::less || slo.order == Threshold::Order::at_most;
  if (!computable || !upper) {
    return Failure{
        fmt::format("theory has no figure for '{}'; give the mean or a percentile of the response time with "
                    "an upper limit, such as 'p99<200ms'",
                    slo.text)};
  }
  if (slo.limit <= 0) return Failure{fmt::format("nothing takes no time: '{}' needs a limit above 0", slo.text)};
  return ResponseGoal{.quantile = slo.metric == Metric::percentile ? std::optional(slo.quantile) : std::nullopt,
                      .limit = Seconds(slo.limit * 1e-9)};
}

Advice advise(const AdviceLoad& load) {
  constexpr double normal_p999 = 3.0902323061678132;
  Advice advice{.load = load};
  advice.hold_figure = hold_figure(load.hold, load.goal);
  advice.waiting = load.rate * load.hold.mean().count();
  advice.most_waiting = advice.waiting + normal_p999 * std::sqrt(advice.waiting);
  advice.keeps_up = least_stable(advice.waiting);
  advice.goetz = goetz_threads(load.cpus, busiest_share, load.hold.mean(), advice.cpu_time(WaitKind::pool));
  size_pool(advice);
  const auto backend = judge_backend(advice);
  if (!is_met(load.goal, advice.hold_figure)) {
    advice.outcome = AdviceOutcome::hold_misses;
  } else if (backend) {
    advice.outcome = *backend;
  } else if (!suffices(advice, WaitKind::loop)) {
    advice.outcome = AdviceOutcome::cpus_too_few;
  } else {
    advice.kind = kind_for(advice);
    advice.size = size_for(advice, *advice.kind);
  }
  return advice;
}

}  // namespace waitlab::client
