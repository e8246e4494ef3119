#include "server/telemetry/live_frames.hpp"

#include "common/clock/seconds.hpp"
#include "common/process/process_stats.hpp"
#include "server/telemetry/deadlocks.hpp"
#include "server/telemetry/loops.hpp"

#include <nlohmann/json.hpp>

#include <unistd.h>
#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

namespace waitlab::server {

namespace {

using nlohmann::ordered_json;

constexpr std::chrono::milliseconds remembered{1000};

/// What is not older than this is worth comparing with: somebody was looking all the time.
constexpr std::chrono::milliseconds stale{2 * remembered};

/// A letter for each thread or process: i(dle), r(unning), w(aiting), l(ocked), t(ied); '-' where there is no thread
/// between two others.
std::string letters_of(const Tracks& threads) {
  std::string letters;
  threads.visit([&letters](const Track& track) {
    if (track.process() == Track::not_forked) return;
    if (track.process() == 0) letters.resize(track.number(), '-');
    letters += name_of(track.activity()).front();
  });
  return letters;
}

/// The ids of processes, in the order of their letters.
ordered_json processes_json(const Tracks& threads) {
  ordered_json processes = ordered_json::array();
  threads.visit([&processes](const Track& track) {
    if (track.process() > 0) processes.push_back(track.process());
  });
  return processes;
}

ordered_json requests_json(const RequestsNow& requests) {
  return {{"in_flight", requests.in_flight},
          {"queued", requests.queued},
          {"running", requests.running},
          {"waiting", requests.waiting}};
}

/// Strategies that were replaced and still have requests.
ordered_json leaving_json(std::span<const Telemetry* const> replaced) {
  ordered_json leaving = ordered_json::array();
  for (const Telemetry* strategy : replaced) {
    const std::int64_t in_flight = strategy->in_flight.value();
    if (in_flight > 0) leaving.push_back({{"strategy", strategy->strategy}, {"in_flight", in_flight}});
  }
  return leaving;
}

/// As short a number as a person can use.
double rounded(double value) {
  return std::round(value * 1000) / 1000;
}

ordered_json percentile_ms(const DurationCounts& counts, double share) {
  const auto found = counts.percentile(share);
  return found ? ordered_json(rounded(seconds(*found) * 1e3)) : nullptr;
}

/// How late the loops were at most by these lags, or one is by now; null where there are none.
ordered_json lag_ms(const std::vector<LoopNow>& loops, const DurationCounts& lags) {
  if (loops.empty()) return nullptr;
  auto worst = lags.percentile(1).value_or(std::chrono::nanoseconds(0));
  for (const LoopNow& loop : loops)
    worst = std::max(worst, loop.overdue);
  return rounded(seconds(worst) * 1e3);
}

}  // namespace

const std::string& LiveFrames::at(TimePoint now) {
  if (now < due_) return frame_;
  due_ = after(now);
  const Telemetries::Moment moment = telemetries_.now();
  Sample newest = sample(now, moment.current());
  if (!samples_.empty() && (now - samples_.back().time > stale || newest.strategy != samples_.back().strategy))
    samples_.clear();
  samples_.push_back(newest);
  while (samples_.size() > 2 && now - samples_[1].time >= remembered)
    samples_.pop_front();
  frame_ = frame(moment);
  return frame_;
}

LiveFrames::TimePoint LiveFrames::after(TimePoint now) noexcept {
  return TimePoint(now.time_since_epoch() - now.time_since_epoch() % interval + interval);
}

LiveFrames::Sample LiveFrames::sample(TimePoint now, const Telemetry& strategy) {
  const Counts counts = strategy.counts.total();
  return {.time = now,
          .strategy = &strategy,
          .counts = counts,
          .cpu_time = process_usage().cpu_time - thread_usage().cpu_time + counts.used_by_processes().cpu_time};
}

std::string LiveFrames::frame(const Telemetries::Moment& moment) const {
  const RunningStrategy& running = moment.running;
  const Telemetry& current = moment.current();
  const Sample& first = samples_.front();
  const Sample& last = samples_.back();
  const double time = seconds(last.time - first.time);
  // The kernel may have counted more of the calling thread than of the whole process.
  const double cpu_time = std::max(seconds(last.cpu_time - first.cpu_time), 0.0);
  const DurationCounts answered = last.counts.request_time - first.counts.request_time;
  const std::uint64_t rejected = last.counts.rejected.total() - first.counts.rejected.total();
  const auto per_second = [time](double count) {
    return time > 0 ? ordered_json(rounded(count / time)) : ordered_json(nullptr);
  };
  const std::vector<LoopNow> loops = loops_now(current, last.time);
  const auto process = sample_process(::getpid());
  const ordered_json frame = {{"strategy", running.name},
                              {"description", running.facts.description},
                              {"facts", facts_json(running.facts)},
                              {"threads", letters_of(current.threads)},
                              {"processes", processes_json(current.threads)},
                              {"loops", loops_json(loops)},
                              {"requests", requests_json(requests_now(current, last.counts))},
                              {"connections", last.counts.open_connections()},
                              {"leaving", leaving_json({moment.all.begin(), moment.all.end() - 1})},
                              {"last_second",
                               {{"answered_per_second", per_second(static_cast<double>(answered.total()))},
                                {"rejected_per_second", per_second(static_cast<double>(rejected))},
                                {"p50_ms", percentile_ms(answered, 0.5)},
                                {"p99_ms", percentile_ms(answered, 0.99)},
                                {"loop_lag_ms", lag_ms(loops, last.counts.loop_lag - first.counts.loop_lag)},
                                {"cpus", per_second(cpu_time)}}},
                              {"accounts", deadlocks_json(accounts_.deadlocks(), last.time)},
                              {"rss_bytes", process ? process->rss_bytes : 0}};
  return frame.dump();
}

}  // namespace waitlab::server
