#include "client/engine/load_run.hpp"

#include "client/engine/closed_feed.hpp"
#include "client/engine/descriptor_limit.hpp"
#include "client/engine/load_loop.hpp"
#include "client/engine/open_feed.hpp"
#include "client/engine/server_address.hpp"
#include "client/record/utc_now.hpp"
#include "client/record/validity.hpp"
#include "common/process/cpu_affinity.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>

#include <algorithm>
#include <future>
#include <memory>
#include <vector>

namespace waitlab::client {
namespace {

using std::chrono::nanoseconds;
using namespace std::chrono_literals;

/// Time for the threads to get up before the first request is due.
constexpr nanoseconds head_start = 5ms;
constexpr nanoseconds progress_interval = 200ms;
constexpr nanoseconds default_duration = 10s;

using Loops = std::vector<std::unique_ptr<LoadLoop>>;

/// Part `index` of `whole` split as evenly as it goes.
template <class Number>
Number share(Number whole, unsigned index, unsigned parts) {
  return whole / parts + (index < whole % parts ? 1 : 0);
}

/// How long requests may start after the warm-up; nothing if only a count ends the run.
std::optional<nanoseconds> allowed_window(const LoadOptions& options) {
  if (!options.duration && !options.requests) return default_duration;
  return options.duration;
}

/// How long requests will start after the warm-up, if that is known: an open loop's count is as good as a duration, for
/// so many arrivals take so long.
std::optional<nanoseconds> planned_window(const LoadOptions& options) {
  auto window = allowed_window(options);
  if (options.rate && options.requests) {
    const nanoseconds schedule(std::llround(static_cast<double>(*options.requests) / *options.rate * 1e9));
    window = window ? std::min(*window, schedule) : schedule;
  }
  return window;
}

Timeline make_timeline(const LoadOptions& options) {
  const auto start = Clock::now() + head_start;
  const auto measure_from = start + options.warmup;
  const auto window = allowed_window(options);
  return {start, measure_from, window ? measure_from + *window : Clock::time_point::max()};
}

std::unique_ptr<Feed> make_feed(const LoadOptions& options, const Timeline& timeline, unsigned index) {
  if (!options.rate) {
    auto requests = options.requests;
    if (requests) requests = share(*requests, index, options.threads);
    return std::make_unique<ClosedFeed>(timeline, index, options.threads, requests);
  }
  const Arrivals arrivals(options.arrivals, *options.rate, options.seed);
  const ArrivalLimits limits{options.warmup, allowed_window(options), options.requests};
  return std::make_unique<OpenFeed>(ArrivalPlan(arrivals, limits, index, options.threads), timeline.start);
}

bool is_idempotent(const std::string& method) {
  return method == "GET" || method == "HEAD" || method == "OPTIONS" || method == "TRACE" || method == "PUT" ||
         method == "DELETE";
}

Loops make_loops(const LoadOptions& options, const Target& target, const boost::asio::ip::tcp::endpoint& server,
                 const Timeline& timeline) {
  Loops loops;
  const unsigned connections = options.rate ? options.max_connections : options.connections;
  for (unsigned index = 0; index < options.threads; ++index) {
    LoopPlan plan{.server = server,
                  .text = RequestText(options, target),
                  .to_head = options.method == "HEAD",
                  .idempotent = is_idempotent(options.method),
                  .open_loop = options.rate.has_value(),
                  .connections = share(connections, index, options.threads),
                  .timeout = options.timeout,
                  .timeline = timeline};
    loops.push_back(std::make_unique<LoadLoop>(std::move(plan), make_feed(options, timeline, index)));
  }
  return loops;
}

LoadProgress sum_progress(const LoadOptions& options, const Loops& loops, const Timeline& timeline) {
  const auto now = Clock::now();
  LoadProgress progress;
  progress.elapsed = std::max(now - timeline.start, nanoseconds(0));
  if (const auto window = planned_window(options)) progress.planned = options.warmup + *window;
  if (now >= timeline.measure_from) progress.phase = LoadProgress::Phase::measuring;
  if (progress.planned && progress.elapsed >= *progress.planned) progress.phase = LoadProgress::Phase::draining;
  for (const auto& loop : loops) {
    const ProgressCounters& counters = loop->progress();
    const auto finished = counters.finished.value();  // read before `sent`, so that the difference is never negative
    progress.sent += counters.sent.value();
    progress.completed += counters.completed.value();
    progress.errors += counters.errors.value();
    progress.in_flight += counters.sent.value() - finished;
  }
  return progress;
}

/// Runs each loop on a thread of its own until all are done. An exception of a loop comes out here.
void run_loops(const LoadOptions& options, const Loops& loops, const Timeline& timeline) {
  std::vector<std::future<void>> threads;
  for (const auto& loop : loops) {
    threads.push_back(std::async(std::launch::async, [&options, &loop] {
      if (!options.cpus.empty()) run_on_cpus(options.cpus).value();
      loop->run(options.stop);
    }));
  }
  for (auto& thread : threads) {
    while (thread.wait_for(progress_interval) != std::future_status::ready) {
      if (options.on_progress) options.on_progress(sum_progress(options, loops, timeline));
    }
  }
  for (auto& thread : threads)
    thread.get();
}

/// The part of the run that the rates refer to: until no request may start any more, or shorter if an interruption
/// ended it, or if the count was reached: then until the last request ended, in whatever way.
nanoseconds measured_window(const LoadOptions& options, const Loops& loops, const Timeline& timeline,
                            const LoadResult& result) {
  auto end = timeline.measure_until;
  if (result.interrupted) {
    end = std::min(end, Clock::now());
  } else if (options.requests == result.record.requests.sent) {
    auto last = timeline.measure_from;
    for (const auto& loop : loops)
      last = std::max(last, loop->last_end().value_or(last));
    end = std::min(end, last);
  }
  return std::max(end - timeline.measure_from, nanoseconds(0));
}

LoadResult describe_run(const LoadOptions& options, const boost::asio::ip::tcp::endpoint& server) {
  LoadResult result;
  result.url = options.url;
  result.method = options.method;
  result.address = fmt::format("{}", fmt::streamed(server));
  result.command = options.command;
  result.threads = options.threads;
  result.connections = options.rate ? options.max_connections : options.connections;
  result.offered_rate = options.rate;
  result.timeout = options.timeout;
  result.started_at = utc_now();
  result.machine = describe_machine();
  return result;
}

}  // namespace

Result<LoadResult> run_load(const LoadOptions& options) {
  if (auto checked = check_options(options); !checked) return checked.error();
  const Target target = parse_target(options.url).value();
  if (auto allowed = allow_descriptors(options.rate ? options.max_connections : options.connections); !allowed) {
    return allowed.error();
  }
  const auto server = find_server(target, options.timeout, options.stop);
  if (!server) return server.error();

  LoadResult result = describe_run(options, *server);
  const Timeline timeline = make_timeline(options);
  const Loops loops = make_loops(options, target, *server, timeline);
  run_loops(options, loops, timeline);

  for (const auto& loop : loops)
    result.record.merge(loop->record());
  result.interrupted = options.stop.stop_requested();
  result.window = measured_window(options, loops, timeline, result);
  result.invalid_because = judge(result);
  return result;
}

}  // namespace waitlab::client
