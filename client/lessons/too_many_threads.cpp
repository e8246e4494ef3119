#include "client/lessons/too_many_threads.hpp"

#include "client/lessons/cpu_work.hpp"
#include "client/lessons/lessons.hpp"
#include "client/lessons/plots.hpp"
#include "client/stats/time_text.hpp"
#include "common/process/cgroup_limits.hpp"
#include "common/process/machine.hpp"
#include "common/process/process_stats.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <latch>
#include <system_error>
#include <thread>
#include <utility>

namespace waitlab::client {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

using CrowdClock = std::chrono::steady_clock;

constexpr std::array<unsigned, 3> crowd_sizes{8, 64, 500};
constexpr unsigned many_threads = 100;
constexpr std::chrono::microseconds request_needs{500};
constexpr milliseconds between_requests{10};

constexpr std::array<LessonAnswer, 4> crowd_answers{{
    {"neither", "neither suffers"},
    {"throughput", "a quarter of the work and more is lost to switching; the request is as quick"},
    {"tail", "as much work gets done; the request takes several times as long"},
    {"both", "less work gets done, and the request takes several times as long"},
}};

/// Threads that compute until this is gone.
class ComputingCrowd {
 public:
  /// They begin once all are there. Throws std::system_error if the kernel grants fewer.
  explicit ComputingCrowd(unsigned threads) {
    try {
      while (threads_.size() < threads)
        threads_.emplace_back([this, seed = threads_.size() + 1] { compute(seed); });
    } catch (...) {
      ending_.store(true, std::memory_order_relaxed);
      begin_.count_down();
      throw;
    }
    begin_.count_down();
  }
  ComputingCrowd(const ComputingCrowd&) = delete;
  ComputingCrowd& operator=(const ComputingCrowd&) = delete;
  ~ComputingCrowd() { ending_.store(true, std::memory_order_relaxed); }

  /// Ends them; returns how many units of work they did for each second of CPU time they had. Each tells its own share
  /// of both, as whoever looks at a crowd at work has to wait for a turn between two looks.
  double end() {
    ending_.store(true, std::memory_order_relaxed);
    threads_.clear();
    return static_cast<double>(units_) * 1e9 / static_cast<double>(cpu_nanoseconds_);
  }

 private:
  void compute(std::uint64_t seed) {
    constexpr std::uint64_t units_at_once = 8;
    CpuWork work(seed);
    begin_.wait();
    const auto begin = thread_cpu_time();
    std::uint64_t units = 0;
    for (; units == 0 || !ending_.load(std::memory_order_relaxed); units += units_at_once)
      work.do_units(units_at_once);
    cpu_nanoseconds_ += static_cast<std::uint64_t>((thread_cpu_time() - begin).count());
    units_ += units;
    results_ += work.result();
  }

  std::latch begin_{1};
  std::atomic<bool> ending_{false};
  std::atomic<std::uint64_t> units_{0};
  std::atomic<std::uint64_t> cpu_nanoseconds_{0};
  std::atomic<std::uint64_t> results_{0};
  std::vector<std::jthread> threads_;  ///< the last: they use the others until they are joined
};

/// A request every 10 ms, or once the one before is done; how long after it was due each was done.
std::vector<nanoseconds> make_requests(const LessonSetting& setting, CpuWork& work, std::uint64_t units,
                                       nanoseconds duration) {
  std::vector<nanoseconds> took;
  const auto end = CrowdClock::now() + duration;
  auto due = CrowdClock::now() + between_requests;
  while (took.size() < 3 || (due < end && !setting.stop.stop_requested())) {
    std::this_thread::sleep_until(due);
    work.do_units(units);
    const auto done = CrowdClock::now();
    took.push_back(done - due);
    due = std::max(due + between_requests, done);
  }
  return took;
}

CrowdSeen see_crowd(const LessonSetting& setting, unsigned threads, std::uint64_t request_units) {
  CpuWork own(0);
  ComputingCrowd crowd(threads);
  auto took = make_requests(setting, own, request_units, setting.quick ? milliseconds(1500) : milliseconds(3000));
  std::ranges::sort(took);
  return {.threads = threads,
          .per_cpu_second = crowd.end(),
          .request_median = took[(took.size() - 1) / 2],
          .request_p99 = took[(took.size() * 99 - 1) / 100],
          .requests = took.size()};
}

/// The share of a quota's periods that it cut short since `before`, in the group where it did so most.
std::optional<double> throttled_since(const std::vector<CgroupThrottling>& before) {
  const auto now = cgroup_throttling();
  std::optional<double> most;
  for (std::size_t group = 0; group < std::min(before.size(), now.size()); ++group) {
    if (now[group].periods <= before[group].periods) continue;
    const auto periods = static_cast<double>(now[group].periods - before[group].periods);
    const double share = static_cast<double>(now[group].throttled - before[group].throttled) / periods;
    most = std::max(most.value_or(0), share);
  }
  return most;
}

CrowdsSeen see_crowds(const LessonSetting& setting, LessonOutcome& outcome) {
  CrowdsSeen seen{.cpus = static_cast<unsigned>(usable_cpus().size()),
                  .request_work = request_needs,
                  .crowds = {},
                  .quota = cgroup_limits().cpus};
  std::vector<unsigned> sizes{seen.cpus};
  std::ranges::copy_if(crowd_sizes, std::back_inserter(sizes), [&](unsigned size) { return size > seen.cpus; });
  const std::uint64_t request_units = units_of_work(request_needs);
  const auto throttling = cgroup_throttling();
  for (const unsigned threads : sizes) {
    if (setting.stop.stop_requested()) break;
    setting.on_step(fmt::format("{} threads compute on {} CPUs", threads, seen.cpus));
    try {
      seen.crowds.push_back(see_crowd(setting, threads, request_units));
    } catch (const std::system_error& error) {
      outcome.missing.push_back(
          fmt::format("{} threads: the kernel grants fewer ({}).", threads, error.code().message()));
    }
  }
  if (seen.quota) seen.throttled = throttled_since(throttling);
  return seen;
}

std::string crowd_trace(const CrowdsSeen& seen) {
  std::vector<Bar> work;
  std::vector<Bar> p99;
  for (const CrowdSeen& crowd : seen.crowds) {
    const std::string label = fmt::format("{:>4} threads", crowd.threads);
    work.push_back({label, rate_reading(crowd.per_cpu_second)});
    p99.push_back({label,
                   {std::chrono::duration<double>(crowd.request_p99).count(),
                    fmt::format("{} ({} requests)", short_time(crowd.request_p99), crowd.requests)}});
  }
  return fmt::format("  units of work done for each second of CPU time\n{}  p99 of the short request\n{}",
                     bars_text(work), bars_text(p99));
}

std::vector<LessonFigure> crowd_figures(const CrowdsSeen& seen) {
  std::vector<LessonFigure> figures;
  for (const CrowdSeen& crowd : seen.crowds) {
    const auto shared = time_reading(evenly_shared(seen.request_work, crowd.threads, seen.cpus));
    figures.push_back({fmt::format("{} threads: work per CPU second", crowd.threads),
                       "per_s",
                       {},
                       {},
                       rate_reading(crowd.per_cpu_second)});
    figures.push_back({"  a short request: median", "s", time_reading(seen.request_work), shared,
                       time_reading(crowd.request_median)});
    figures.push_back(
        {"  a short request: p99", "s", time_reading(seen.request_work), {}, time_reading(crowd.request_p99)});
  }
  if (seen.throttled)
    figures.push_back({"periods that the quota cut short", "share", {}, {}, share_reading(*seen.throttled)});
  return figures;
}

Result<LessonOutcome> run_too_many_threads(const LessonSetting& setting) {
  LessonOutcome outcome;
  const CrowdsSeen seen = see_crowds(setting, outcome);
  if (seen.crowds.empty()) return Failure{setting.stop.stop_requested() ? "interrupted" : "no thread could be started"};
  if (!seen.quota) {
    outcome.missing.emplace_back(
        "a CPU quota, as containers have: none holds here. Under one a thread for each of the host's CPUs is too many "
        "already: they use the quota up together, and then all of them have to wait for its next period.");
  }
  outcome.figures = crowd_figures(seen);
  outcome.trace = crowd_trace(seen);
  outcome.answer = too_many_threads_answer(seen);
  outcome.conclusion = too_many_threads_conclusion(seen);
  return outcome;
}

double work_kept(const CrowdsSeen& seen) {
  return seen.crowds.back().per_cpu_second / seen.crowds.front().per_cpu_second;
}

double tail_growth(const CrowdsSeen& seen) {
  return std::chrono::duration<double>(seen.crowds.back().request_p99) / seen.crowds.front().request_p99;
}

bool loses_work(const CrowdsSeen& seen) {
  return work_kept(seen) < 0.75;
}

bool grows_tail(const CrowdsSeen& seen) {
  return tail_growth(seen) >= 4;
}

}  // namespace

std::chrono::nanoseconds evenly_shared(nanoseconds work, unsigned threads, unsigned cpus) {
  const double share = std::min(1.0, static_cast<double>(cpus) / (threads + 1));
  return std::chrono::duration_cast<nanoseconds>(work / share);
}

std::string too_many_threads_answer(const CrowdsSeen& seen) {
  if (seen.crowds.size() < 2 || seen.crowds.back().threads < many_threads) return "";
  if (loses_work(seen)) return grows_tail(seen) ? "both" : "throughput";
  return grows_tail(seen) ? "tail" : "neither";
}

std::string too_many_threads_conclusion(const CrowdsSeen& seen) {
  if (seen.crowds.size() < 2) return "";
  const CrowdSeen& first = seen.crowds.front();
  const CrowdSeen& last = seen.crowds.back();
  std::string text = fmt::format("With {} threads in place of {} a second of CPU time did {:.0f} % of the work",
                                 last.threads, first.threads, work_kept(seen) * 100);
  text += loses_work(seen) ? ": here switching, and caches that others have filled, do cost much. "
                           : ": the kernel lets each run for milliseconds, and a switch costs microseconds, though the "
                             "folklore says that switching eats the CPU. ";
  text += fmt::format("The p99 of a request that needs {} of CPU time went from {} to {}",
                      short_time(seen.request_work), short_time(first.request_p99), short_time(last.request_p99));
  text += grows_tail(seen) ? ": it has to wait while others have their turns, and they are many. Whoever looks at "
                             "throughput alone does not see it."
                           : ". Here it hardly suffered, though each of the others is due as much of the CPUs.";
  if (seen.throttled) {
    text += fmt::format(" The quota of {:g} CPUs cut {:.0f} % of its periods short, in which all threads had to wait.",
                        *seen.quota, *seen.throttled * 100);
  }
  return text;
}

const Lesson too_many_threads_lesson{
    .name = "too-many-threads",
    .idea = "more threads than CPUs: the tail grows",
    .takes = std::chrono::seconds(14),
    .introduction =
        "Threads that compute are started: one for each CPU, then 8, 64 and 500. Beside them, every 10 ms, a request "
        "comes that needs half a millisecond of CPU time, as in a server that has other things to do.",
    .question = "What suffers from 500 threads in place of one for each CPU: the work done, or the short request?",
    .answers = crowd_answers,
    .how_it_lies =
        "Only throughput is shown, which hardly changes. Or only wall-clock time: beside other programs more threads "
        "may get more of the CPUs, at their cost; so here work is told for each second of CPU time. And one thread for "
        "each CPU is not always what fits: nproc and hardware_concurrency() ignore a container's CPU quota.",
    .try_next = "taskset -c 0 waitlab-client lesson too-many-threads: the same on one CPU.",
    .experiment = "pool-size",
    .run = run_too_many_threads,
};

}  // namespace waitlab::client
