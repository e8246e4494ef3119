#include "client/engine/load_run.hpp"

#include "client/engine/cpu_watch.hpp"
#include "client/engine/detour.hpp"
#include "client/engine/first_contact.hpp"
#include "client/engine/listen_overflows.hpp"
#include "client/engine/load_plan.hpp"
#include "client/engine/run_course.hpp"
#include "client/engine/tls_context.hpp"
#include "client/judge/validity.hpp"
#include "client/record/utc_now.hpp"
#include "common/process/machine.hpp"
#include "common/result.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>

#include <sys/resource.h>
#include <algorithm>
#include <future>
#include <utility>
#include <vector>

namespace waitlab::client {
namespace {

using std::chrono::nanoseconds;
using namespace std::chrono_literals;

/// Epoll, timers and event descriptors of the load threads, standard streams, files.
constexpr rlim_t spare = 256;

/// Makes sure that this process may have `connections` sockets open besides what else it needs, raising its soft limit
/// as far as the hard one allows. Failure when that is not enough.
Result<void> allow_descriptors(unsigned connections) {
  const rlim_t needed = connections + spare;
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_cur >= needed) return {};
  if (limit.rlim_max < needed) {
    return Failure{
        fmt::format("{} connections need {} open files and the limit is {}; use fewer connections or raise "
                    "it (ulimit -n)",
                    connections, needed, limit.rlim_max)};
  }
  limit.rlim_cur = needed;
  if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) return Failure{"the limit of open files cannot be raised (ulimit -n)"};
  return {};
}

constexpr nanoseconds progress_interval = 200ms;

/// Time for the threads to get up before the first request is due.
constexpr nanoseconds head_start = 5ms;

/// Ends the load threads when an exception leaves the run, whose futures wait for them.
struct StopOnExit {
  std::stop_source& stop;
  ~StopOnExit() { stop.request_stop(); }
};

/// One run from its first thread to its last. Lives on the calling thread, which collects while the loops work.
class Run {
 public:
  Run(const LoadOptions& options, std::vector<LoopPlan> plans, Clock::time_point start)
      : options_(options),
        timeline_(make_timeline(options, start)),
        loops_(make_loops(options, std::move(plans), timeline_)),
        course_(timeline_) {}

  /// Runs each loop on a thread of its own until all are done. An exception of a loop comes out here.
  void run() {
    if (options_.on_begin) {
      options_.on_begin(wall_time(timeline_.measure_from));
    }
    const std::stop_callback pass_on(options_.stop, [this] { stop_.request_stop(); });
    std::vector<std::future<void>> threads;
    const StopOnExit stop_on_exit{stop_};
    for (const auto& loop : loops_)
      threads.push_back(std::async(std::launch::async, [this, &loop] { work(*loop); }));
    for (auto& thread : threads) {
      while (thread.wait_for(progress_interval) != std::future_status::ready)
        look();
    }
    for (auto& thread : threads)
      thread.get();
    ended_ = Clock::now();
    look();
  }

  /// Adds what was found to the description of the run.
  void fill(LoadResult& result) {
    result.interrupted = options_.stop.stop_requested();
    result.aborted = aborted_ && !result.interrupted;
    fill_steps(result);
    for (const auto& loop : loops_)
      loop->add_whole_run(result.record);
    course_.judge_samples(result.record);
    result.timeline = course_.timeline();
    result.window = window_of(result);
    for (StepResult& step : result.steps)
      step.window = std::clamp(result.window - step.begin, nanoseconds(0), step.window);
    for (const auto& loop : loops_) {
      if (const auto usage = loop->usage()) result.load_threads.push_back(*usage);
    }
    judge_arrivals(result);
  }

 private:
  /// What each load thread does. If it fails, the others have nothing more to do.
  void work(LoadLoop& loop) try {
    if (!options_.cpus.empty()) run_on_cpus(options_.cpus).value();
    loop.run(stop_.get_token());
  } catch (...) {
    stop_.request_stop();
    throw;
  }

  /// Takes what the loops have posted, and shows where the run stands.
  void look() {
    for (const auto& loop : loops_) {
      loop->recorder().slices().drain([this](const Slice& slice) {
        course_.add(slice);
        if (options_.on_slice) options_.on_slice(slice);
      });
      loop->recorder().rows().drain([this](const std::vector<RequestRow>& rows) { options_.on_rows(rows); });
    }
    if (!options_.on_progress && !options_.abort_when) return;
    LoadProgress progress = sum_progress();
    course_.show(progress, Clock::now() - timeline_.measure_from);
    if (options_.on_progress) options_.on_progress(progress);
    if (!aborted_ && !ended_ && options_.abort_when && options_.abort_when(progress)) {
      aborted_ = true;
      stop_.request_stop();
    }
  }

  LoadProgress sum_progress() const {
    LoadProgress progress = planned_progress(options_, timeline_, Clock::now());
    for (const auto& loop : loops_) {
      const ProgressCounters& counters = loop->progress();
      const auto finished = counters.finished.value();  // read before `sent`, so that the difference is never negative
      progress.sent += counters.sent.value();
      progress.completed += counters.completed.value();
      progress.errors += counters.errors.value();
      progress.in_flight += counters.sent.value() - finished;
    }
    return progress;
  }

  void fill_steps(LoadResult& result) {
    for (std::size_t i = 0; i < timeline_.step_begins.size(); ++i) {
      LoadRecord record;
      for (const auto& loop : loops_)
        record.merge(loop->recorder().records()[i]);
      record.second_half.due = due_in_second_half(i);
      result.record.merge(record);
      if (options_.steps.empty()) continue;
      course_.judge_samples(record, i);
      const RateSegment& step = options_.steps[i];
      result.steps.push_back({.from_rate = step.from / shards(),
                              .to_rate = step.to / shards(),
                              .begin = timeline_.step_begins[i] - timeline_.measure_from,
                              .window = step.duration,
                              .record = std::move(record)});
    }
  }

  double shards() const { return options_.shard.count; }

  double due_in_second_half(std::size_t step) const {
    if (!options_.open_loop()) return 0;
    const RateCurve rate = *rate_curve(options_);
    const Span& half = timeline_.second_halves[step];
    return (rate.expected(half.end - timeline_.start) - rate.expected(half.begin - timeline_.start)) / shards();
  }

  /// The part of the run that the rates refer to: as long as it was planned, or until it was ended early. A closed loop
  /// whose count was reached had no plan: until the last request ended, in whatever way.
  nanoseconds window_of(const LoadResult& result) const {
    auto end = timeline_.measure_until;
    if (result.interrupted || result.aborted) {
      end = std::min(end, *ended_);
    } else if (!options_.open_loop() && requests_here(options_) == result.record.requests.sent) {
      auto last = timeline_.measure_from;
      for (const auto& loop : loops_)
        last = std::max(last, loop->recorder().last_end().value_or(last));
      end = std::min(end, last);
    }
    return std::max(end - timeline_.measure_from, nanoseconds(0));
  }

  /// The sends of one shard among several are too even for the process, of which they are every so manieth.
  void judge_arrivals(LoadResult& result) const {
    auto tally = make_tally(options_);
    if (!tally) return;
    for (const auto& loop : loops_)
      tally->merge(*loop->recorder().tally());
    if (options_.on_arrivals) options_.on_arrivals(*tally);
    if (options_.shard.count == 1) result.arrival_fit = tally->fit(1e9 / *mean_rate(options_));
  }

  const LoadOptions& options_;
  Timeline timeline_;
  Loops loops_;
  RunCourse course_;
  std::stop_source stop_;
  bool aborted_ = false;
  std::optional<Clock::time_point> ended_;
};

LoadResult describe_run(const LoadOptions& options, const Target& target,
                        const boost::asio::ip::tcp::endpoint& server) {
  LoadResult result;
  result.url = options.url;
  result.method = options.method;
  result.address = fmt::format("{}", fmt::streamed(server));
  result.command = options.command;
  result.threads = options.threads;
  result.connections = most_connections_here(options);
  if (const auto rate = mean_rate(options)) result.offered_rate = *rate / options.shard.count;
  if (options.open_loop()) result.arrivals = options.arrivals == ArrivalKind::poisson ? "poisson" : "constant";
  if (options.targets.size() > 1) {
    for (const RequestTemplate& request : request_mix(options, target))
      result.targets.push_back({request.method, request.path});
  }
  result.timeout = options.timeout;
  result.seed = options.seed;
  result.machine = describe_machine();
  return result;
}

/// For an https target, the context of its connections.
Result<std::optional<TlsContext>> prepare_tls(const LoadOptions& options, const Target& target) {
  if (!target.tls) return std::optional<TlsContext>();
  auto context = TlsContext::make(target.proven_name, options.tls);
  if (!context) return context.error();
  return std::optional(std::move(*context));
}

}  // namespace

Result<LoadResult> run_load(const LoadOptions& options) {
  if (auto checked = check_options(options); !checked) return checked.error();
  const Target target = parse_target(options.url).value();
  if (auto allowed = allow_descriptors(most_connections_here(options)); !allowed) return allowed.error();
  const auto context = prepare_tls(options, target);
  if (!context) return context.error();
  const TlsContext* const tls = *context ? &**context : nullptr;
  auto contact = meet_server(target, tls, options.timeout, options.stop);
  if (!contact) return contact.error();

  const boost::asio::ip::tcp::endpoint server = contact->servers.front();
  LoadResult result = describe_run(options, target, server);
  result.detour = find_detour(target, server);
  if (!result.detour.empty() && options.on_detour) options.on_detour(result.detour);
  std::vector<LoopPlan> plans = make_plans(options, target, std::move(*contact), tls);
  const auto start = options.agree_on_start ? options.agree_on_start() : Clock::now() + head_start;
  if (!start) return Failure{"the run was given up before its start"};
  result.started_at = utc_text(wall_time(*start));
  const auto overflows_before = is_local(server.address()) ? listen_overflows() : std::nullopt;
  const CpuWatch cpu_watch(is_local(server.address()));
  Run run(options, std::move(plans), *start);
  run.run();
  run.fill(result);
  result.cpu_loss = cpu_watch.loss();
  if (const auto after = listen_overflows(); after && overflows_before) {
    result.listen_overflows = *after - *overflows_before;
  }
  result.invalid_because = judge(result);
  return result;
}

}  // namespace waitlab::client
