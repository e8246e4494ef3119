#include "client/engine/load_plan.hpp"

#include "client/engine/feed.hpp"
#include "common/clock/seconds.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace waitlab::client {
namespace {

using std::chrono::nanoseconds;
using namespace std::chrono_literals;

constexpr nanoseconds default_duration = 10s;

/// The least length, and number of expected arrivals, of the windows in which sends are counted to test their fit.
constexpr double least_window_s = 0.01;
constexpr double least_arrivals = 10;

/// Part `index` of `whole` split as evenly as it goes.
template <class Number>
Number share(Number whole, unsigned index, unsigned parts) {
  return whole / parts + (index < whole % parts ? 1 : 0);
}

/// What number a thread of this shard has among those of all.
unsigned among_all(const LoadOptions& options, unsigned thread) {
  return options.shard.index + options.shard.count * thread;
}

/// What a thread of this shard has of what all of them split.
template <class Number>
Number share_of_thread(Number whole, const LoadOptions& options, unsigned thread) {
  return share(whole, among_all(options, thread), threads_of_all(options));
}

template <class Number>
Number share_of_shard(Number whole, const LoadOptions& options) {
  Number sum = 0;
  for (unsigned thread = 0; thread < options.threads; ++thread)
    sum += share_of_thread(whole, options, thread);
  return sum;
}

/// How long requests may start after the warm-up; nothing if only a count ends the run.
std::optional<nanoseconds> allowed_window(const LoadOptions& options) {
  if (!options.steps.empty()) {
    return std::accumulate(options.steps.begin(), options.steps.end(), nanoseconds(0),
                           [](nanoseconds sum, const RateSegment& step) { return sum + step.duration; });
  }
  if (!options.duration && !options.requests) return default_duration;
  return options.duration;
}

/// Of each step of an open loop, or of its one window, as planned.
std::vector<Span> second_halves(const LoadOptions& options, const Timeline& timeline) {
  if (!options.open_loop()) return {};
  std::vector<Span> halves;
  for (std::size_t step = 0; step < timeline.step_begins.size(); ++step) {
    const nanoseconds length = options.steps.empty() ? *planned_window(options) : options.steps[step].duration;
    const auto begin = timeline.step_begins[step];
    halves.push_back({begin + length / 2, begin + length});
  }
  return halves;
}

}  // namespace

unsigned most_connections(const LoadOptions& options) {
  return options.open_loop() ? options.max_connections : options.connections;
}

unsigned threads_of_all(const LoadOptions& options) {
  return options.threads * options.shard.count;
}

unsigned most_connections_here(const LoadOptions& options) {
  return share_of_shard(most_connections(options), options);
}

std::optional<std::uint64_t> requests_here(const LoadOptions& options) {
  if (!options.requests) return std::nullopt;
  return share_of_shard(*options.requests, options);
}

std::optional<RateCurve> rate_curve(const LoadOptions& options) {
  if (!options.steps.empty()) return RateCurve(options.steps, options.warmup);
  if (options.rate) return RateCurve(*options.rate);
  return std::nullopt;
}

std::optional<nanoseconds> planned_window(const LoadOptions& options) {
  auto window = allowed_window(options);
  if (options.rate && options.requests) {
    const nanoseconds schedule(std::llround(static_cast<double>(*options.requests) / *options.rate * 1e9));
    window = window ? std::min(*window, schedule) : schedule;
  }
  return window;
}

std::optional<double> mean_rate(const LoadOptions& options) {
  if (options.rate) return options.rate;
  if (options.steps.empty()) return std::nullopt;
  double arrivals = 0;
  for (const RateSegment& step : options.steps)
    arrivals += (step.from + step.to) / 2 * seconds(step.duration);
  return arrivals / seconds(*allowed_window(options));
}

Timeline make_timeline(const LoadOptions& options, Clock::time_point start) {
  Timeline timeline;
  timeline.start = start;
  timeline.measure_from = timeline.start + options.warmup;
  const auto window = options.open_loop() ? planned_window(options) : allowed_window(options);
  timeline.measure_until = window ? timeline.measure_from + *window : Clock::time_point::max();
  timeline.step_begins = {timeline.measure_from};
  for (std::size_t step = 1; step < options.steps.size(); ++step)
    timeline.step_begins.push_back(timeline.step_begins.back() + options.steps[step - 1].duration);
  timeline.second_halves = second_halves(options, timeline);
  return timeline;
}

std::unique_ptr<Feed> make_feed(const LoadOptions& options, const Timeline& timeline, unsigned thread) {
  const unsigned index = among_all(options, thread);
  const unsigned threads = threads_of_all(options);
  const auto rate = rate_curve(options);
  if (!rate) {
    auto requests = options.requests;
    if (requests) requests = share(*requests, index, threads);
    return std::make_unique<ClosedFeed>(timeline, index, threads, requests);
  }
  const Arrivals arrivals(options.arrivals, *rate, options.seed);
  const ArrivalLimits limits{options.warmup, allowed_window(options), options.requests};
  return std::make_unique<OpenFeed>(ArrivalPlan(arrivals, limits, index, threads), timeline.start);
}

std::optional<ArrivalTally> make_tally(const LoadOptions& options) {
  const auto rate = mean_rate(options);
  if (!rate) return std::nullopt;
  const double window = std::max(least_arrivals, *rate * least_window_s);
  const double expected = *rate * seconds(planned_window(options).value_or(nanoseconds(0)));
  return ArrivalTally(options.arrivals == ArrivalKind::poisson, threads_of_all(options), window, expected);
}

LoadProgress planned_progress(const LoadOptions& options, const Timeline& timeline, Clock::time_point now) {
  LoadProgress progress;
  progress.elapsed = std::max(now - timeline.start, nanoseconds(0));
  if (const auto window = planned_window(options)) progress.planned = options.warmup + *window;
  if (const auto rate = rate_curve(options)) progress.offered_rate = rate->rate_at(progress.elapsed);
  if (now >= timeline.measure_from) progress.phase = LoadProgress::Phase::measuring;
  if (progress.planned && progress.elapsed >= *progress.planned) progress.phase = LoadProgress::Phase::draining;
  return progress;
}

std::vector<LoopPlan> make_plans(const LoadOptions& options, const Target& target, FirstContact contact,
                                 const TlsContext* tls) {
  const std::size_t steps = std::max<std::size_t>(options.steps.size(), 1);
  const std::size_t targets = options.targets.size() > 1 ? options.targets.size() : 0;
  std::vector<LoopPlan> plans;
  for (unsigned thread = 0; thread < options.threads; ++thread) {
    plans.push_back({.servers = contact.servers,
                     .opened = std::exchange(contact.connection, std::nullopt),
                     .tls = tls,
                     .texts = RequestTexts(options, target),
                     .check = ResponseCheck(options.expect),
                     .connections = share_of_thread(most_connections(options), options, thread),
                     .record = {.timeline = {},
                                .timeout = options.timeout,
                                .rows = static_cast<bool>(options.on_rows),
                                .rate = rate_curve(options),
                                .records = std::vector<LoadRecord>(steps),
                                .targets = std::vector<TargetTally>(targets),
                                .tally = make_tally(options)}});
  }
  return plans;
}

Loops make_loops(const LoadOptions& options, std::vector<LoopPlan> plans, const Timeline& timeline) {
  Loops loops;
  for (LoopPlan& plan : plans) {
    plan.record.timeline = timeline;
    const auto thread = static_cast<unsigned>(loops.size());
    loops.push_back(std::make_unique<LoadLoop>(std::move(plan), make_feed(options, timeline, thread)));
  }
  return loops;
}

}  // namespace waitlab::client
