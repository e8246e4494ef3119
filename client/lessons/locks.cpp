#include "client/lessons/locks.hpp"

#include "client/explorer/programs.hpp"
#include "client/lessons/explored.hpp"
#include "client/lessons/lessons.hpp"
#include "client/lessons/plots.hpp"
#include "client/lessons/windows.hpp"
#include "client/stats/time_text.hpp"
#include "common/process/machine.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

namespace waitlab::client {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;

using LockClock = std::chrono::steady_clock;

constexpr std::array<LessonAnswer, 4> locks_answers{{
    {"always", "with pieces of 1 ms and with pieces of 5 us"},
    {"long", "only with pieces of 1 ms"},
    {"short", "only with pieces of 5 us"},
    {"never", "with neither: the lock lets only one work at a time"},
}};

constexpr double least_gain = 1.15;
constexpr unsigned most_locking = 4;  ///< threads
constexpr milliseconds long_piece{1};
constexpr microseconds short_piece{5};
constexpr milliseconds long_window{20};
constexpr milliseconds short_window{3};
constexpr unsigned empty_at_once = 100;
constexpr unsigned fewest_lock_windows = 3;
constexpr double of_full_speed = 0.9;   ///< of what the CPUs give, from which on nothing worth telling is lost
constexpr double worth_a_cause = 0.05;  ///< sleeps for each lock, from which on they are called one

/// Real work that needs nothing but a CPU: so many rounds of a generator, each of which needs the last one's outcome.
void compute(std::uint64_t rounds) {
  std::uint64_t value = rounds;
  for (std::uint64_t round = 0; round < rounds; ++round)
    value = value * 6364136223846793005U + 1442695040888963407U;
  [[maybe_unused]] const volatile std::uint64_t kept = value;
}

/// Of `compute`, as fast as this CPU was at its best.
double rounds_per_nanosecond() {
  constexpr std::uint64_t rounds = 20'000;
  nanoseconds fastest = nanoseconds::max();
  for (unsigned repeat = 0; repeat < 100; ++repeat) {
    const auto begin = LockClock::now();
    compute(rounds);
    fastest = std::min<nanoseconds>(fastest, LockClock::now() - begin);
  }
  return static_cast<double>(rounds) / static_cast<double>(std::max(fastest, nanoseconds(1)).count());
}

/// A lock that counts how often it goes from one thread to another.
class CountedLock {
 public:
  void use(unsigned thread, std::uint64_t rounds) {
    const std::scoped_lock lock(mutex_);
    if (thread != last_) ++turns_;
    last_ = thread;
    compute(rounds);
  }

  std::uint64_t turns() const { return turns_; }  ///< once nobody uses it

 private:
  std::mutex mutex_;
  unsigned last_ = most_locking;
  std::uint64_t turns_ = 0;
};

/// What is done over and over: so many rounds under the lock and so many without it, so many times a call.
struct LockedWork {
  nanoseconds window{0};
  unsigned threads = 1;
  std::uint64_t inside = 0;
  std::uint64_t outside = 0;
  unsigned at_once = 1;

  WorkWindow operator()(const std::vector<int>& cpus) const {
    CountedLock lock;
    WorkWindow done = work_for(window, threads, cpus, [&](unsigned thread) {
      for (unsigned time = 0; time < at_once; ++time) {
        lock.use(thread, inside);
        compute(outside);
      }
    });
    done.turns = lock.turns();
    return done;
  }
};

/// Which windows are made, in this order.
enum LockKind : std::size_t {
  long_alone,
  long_first,  ///< of one for each share
  long_last = long_first + lock_shares.size() - 1,
  short_alone,
  short_half,
  empty_alone,
  empty_all
};

std::vector<LockedWork> locked_works(unsigned threads) {
  const double speed = rounds_per_nanosecond();
  const auto work = [&](nanoseconds window, unsigned workers, nanoseconds piece, double share) {
    const double rounds = speed * static_cast<double>(piece.count());
    return LockedWork{.window = window,
                      .threads = workers,
                      .inside = static_cast<std::uint64_t>(std::lround(rounds * share)),
                      .outside = static_cast<std::uint64_t>(std::lround(rounds * (1 - share)))};
  };
  std::vector<LockedWork> works{work(long_window, 1, long_piece, 0.5)};
  for (const double share : lock_shares)
    works.push_back(work(long_window, threads, long_piece, share));
  works.push_back(work(short_window, 1, short_piece, 0.5));
  works.push_back(work(short_window, threads, short_piece, 0.5));
  works.push_back({.window = short_window, .threads = 1, .at_once = empty_at_once});
  works.push_back({.window = short_window, .threads = threads, .at_once = empty_at_once});
  return works;
}

double sleeps_of_a_call(const WorkWindow& window) {
  return static_cast<double>(window.used.voluntary_switches) / static_cast<double>(window.all_done());
}

double calls_in_a_row(const WorkWindow& window) {
  return static_cast<double>(window.all_done()) / static_cast<double>(std::max<std::uint64_t>(window.turns, 1));
}

LockFigures lock_figures_of(const std::vector<WorkWindows>& taken, unsigned threads, bool one_cpu) {
  const auto rate = [&](std::size_t kind) {
    return taken[kind].middle([](const WorkWindow& w) { return w.per_second(); });
  };
  const auto busiest = [&](std::size_t kind) {
    return taken[kind].middle([](const WorkWindow& w) { return w.largest_share(); });
  };
  LockFigures figures;
  figures.threads = threads;
  figures.one_cpu = one_cpu;
  for (std::size_t share = 0; share < lock_shares.size(); ++share)
    figures.speed_ups[share] = rate(long_first + share) / rate(long_alone);
  figures.short_speed_up = rate(short_half) / rate(short_alone);
  figures.long_sleeps = taken[long_first + half_share].middle(sleeps_of_a_call);
  figures.short_sleeps = taken[short_half].middle(sleeps_of_a_call);
  figures.long_in_a_row = taken[long_last].middle(calls_in_a_row);
  figures.empty_in_a_row = taken[empty_all].middle(calls_in_a_row) * empty_at_once;
  figures.long_busiest = busiest(long_last);
  figures.empty_busiest = busiest(empty_all);
  figures.empty_rate = rate(empty_all) * empty_at_once;
  figures.empty_rate_alone = rate(empty_alone) * empty_at_once;
  return figures;
}

LessonFigure speed_up_figure(const std::string& name, double share, unsigned threads, double here) {
  return {name, "ratio", ratio_reading(highest_speed_up(share, threads)),
          ratio_reading(amdahl_speed_up(share, threads)), ratio_reading(here)};
}

explorer::Program locked_program() {
  return explorer::locked_update({});
}

LessonOutcome locked(const LockFigures& figures) {
  LessonOutcome outcome;
  std::vector<Bar> bars;
  for (std::size_t share = 0; share < lock_shares.size(); ++share) {
    const std::string name = fmt::format("{:.0f} % under the lock", lock_shares[share] * 100);
    outcome.figures.push_back(speed_up_figure(name, lock_shares[share], figures.threads, figures.speed_ups[share]));
    bars.push_back({name, ratio_reading(figures.speed_ups[share])});
  }
  outcome.figures.push_back(speed_up_figure("50 %, pieces of 5 us", 0.5, figures.threads, figures.short_speed_up));
  bars.push_back({"50 %, pieces of 5 us", ratio_reading(figures.short_speed_up)});
  const auto here = [&](const char* name, const char* unit, const Reading& reading) {
    outcome.figures.push_back({name, unit, {}, {}, reading});
  };
  here("sleeps per lock, 50 %", "count", count_reading(figures.long_sleeps));
  here("sleeps per lock, 50 %, 5 us", "count", count_reading(figures.short_sleeps));
  here("locks in a row by one, 100 %", "count", count_reading(figures.long_in_a_row));
  here("share of the busiest, 100 %", "share", share_reading(figures.long_busiest));
  here("empty section: locks in a row", "count", count_reading(figures.empty_in_a_row));
  here("empty section: share of the busiest", "share", share_reading(figures.empty_busiest));
  here("empty section: locks, all threads", "per_s", rate_reading(figures.empty_rate));
  here("empty section: locks, one thread", "per_s", rate_reading(figures.empty_rate_alone));
  outcome.figures.push_back(figure_of_wrong("locked updates: schedules that lose", locked_program()));
  outcome.trace =
      fmt::format("  What {} threads did, against one, of pieces of 1 ms:\n", figures.threads) + bars_text(bars);
  outcome.answer = locks_answer(figures);
  outcome.conclusion = locks_conclusion(figures);
  return outcome;
}

Result<LessonOutcome> run_locks(const LessonSetting& setting) {
  const std::vector<int> cpus = cores_first(usable_cpus());
  const unsigned threads = std::clamp(static_cast<unsigned>(cpus.size()), 2U, most_locking);
  const bool too_few_cpus = cpus.size() < threads;
  const std::vector<LockedWork> works = locked_works(threads);
  std::vector<std::function<WorkWindow()>> kinds;
  for (const LockedWork& work : works)
    kinds.emplace_back([&] { return work(cpus); });
  setting.on_step(fmt::format("{} threads work, with more and less of it under one lock", threads));
  const auto taken = take_windows(kinds,
                                  {.wanted = setting.quick ? 9U : 21U,
                                   .budget = std::chrono::seconds(setting.quick ? 12 : 25),
                                   .keep_disturbed = too_few_cpus},
                                  setting.stop);
  if (setting.stop.stop_requested()) return Failure{"interrupted"};
  LessonOutcome outcome;
  if (std::ranges::any_of(taken, [](const WorkWindows& kind) { return kind.kept.size() < fewest_lock_windows; })) {
    outcome.missing = {too_busy_for_windows()};
    return outcome;
  }
  outcome = locked(lock_figures_of(taken, threads, too_few_cpus));
  if (too_few_cpus)
    outcome.missing.emplace_back("with one CPU the threads never work at the same moment, with a lock or without.");
  return outcome;
}

std::string one_cpu_text(const LockFigures& figures) {
  const bool cheap = figures.half_under_lock() >= of_full_speed * figures.speed_ups.front();
  return fmt::format(
      "On one CPU {} threads have no more to share than one has, with a lock or without: {:.2f} times as much was done "
      "with none of each piece under the lock, {:.2f} times with half of it. {}",
      figures.threads, figures.speed_ups.front(), figures.half_under_lock(),
      cheap ? "Nor does the lock cost much: a thread finds it taken only if another was interrupted while it had it."
            : "Here the lock costs something even so: whoever is interrupted while it has it lets the others wait.");
}

/// Half of a piece under the lock, against what Amdahl's law and these CPUs allow.
std::string amdahl_text(const LockFigures& figures) {
  const double amdahl = amdahl_speed_up(0.5, figures.threads);
  if (figures.half_under_lock() > amdahl) {
    return fmt::format(
        "Amdahl's law says {:.2f}, as if all others waited while one is under the lock; but they may work outside it "
        "meanwhile. ",
        amdahl);
  }
  if (figures.speed_ups.front() < of_full_speed * figures.threads) {
    return fmt::format(
        "Amdahl's law allows {:.2f}; but these CPUs give less, as they share a core or have other things to do: "
        "without the lock it was {:.2f} times. ",
        amdahl, figures.speed_ups.front());
  }
  return fmt::format("Amdahl's law allows {:.2f}; the rest is what it takes to pass the lock on. ", amdahl);
}

/// What short pieces under a lock pay for.
std::string sleeps_text(const LockFigures& figures) {
  if (figures.short_sleeps < worth_a_cause)
    return fmt::format("Sleep is not the cause: here a thread slept only {:.2g} times for each lock.",
                       figures.short_sleeps);
  return fmt::format(
      "Who finds the lock taken sleeps in the kernel, here {:.2f} times for each lock, and to be woken takes longer "
      "than the piece.",
      figures.short_sleeps);
}

}  // namespace

double amdahl_speed_up(double share, unsigned threads) {
  return 1 / (share + (1 - share) / threads);
}

double highest_speed_up(double share, unsigned threads) {
  return share > 0 ? std::min<double>(threads, 1 / share) : threads;
}

std::string locks_answer(const LockFigures& figures) {
  const bool long_gains = figures.half_under_lock() >= least_gain;
  const bool short_gains = figures.short_speed_up >= least_gain;
  if (long_gains) return short_gains ? "always" : "long";
  return short_gains ? "short" : "never";
}

std::string locks_conclusion(const LockFigures& figures) {
  if (figures.one_cpu) return one_cpu_text(figures);
  std::string text =
      fmt::format("With half of each piece of 1 ms under the lock, {} threads did {:.2f} times what one does. ",
                  figures.threads, figures.half_under_lock());
  text += amdahl_text(figures);
  text += fmt::format(
      "With all of it under the lock it was {:.2f} times, and one thread had {:.0f} % of the locks "
      "of 20 ms. ",
      figures.speed_ups.back(), figures.long_busiest * 100);
  text += figures.short_speed_up < least_gain
              ? fmt::format("With pieces of 5 us even half was too much: {:.2f} times, whatever Amdahl's law says. {} ",
                            figures.short_speed_up, sleeps_text(figures))
              : fmt::format(
                    "Here pieces of 5 us gained as well, {:.2f} times, though the folklore says that short "
                    "locks cost more than they guard. ",
                    figures.short_speed_up);
  if (figures.empty_in_a_row >= 4)
    text += fmt::format(
        "A lock around nothing looks cheap: {:.3g} million per second. But a thread took it {:.0f} times in a row "
        "before another had its turn: that is one thread at work, not several.",
        figures.empty_rate / 1e6, figures.empty_in_a_row);
  else
    text += fmt::format(
        "Around nothing the lock was taken {:.3g} million times per second, and here in turns, though the folklore "
        "says that one thread takes it many times in a row.",
        figures.empty_rate / 1e6);
  return text;
}

const Lesson locks_lesson{
    .name = "locks",
    .idea = "a lock lets one in at a time",
    .takes = std::chrono::seconds(8),
    .introduction =
        "Threads work on pieces, real work, of which a share has to be done under one lock, a std::mutex: none of it, "
        "a quarter, half, three quarters, all. A piece takes 1 ms; then the same with pieces of 5 us.",
    .question = "Half of each piece is done under the lock. When do several threads get more done than one?",
    .answers = locks_answers,
    .how_it_lies =
        "Around an empty section a lock seems to be taken tens of millions of times per second at no cost: one thread "
        "takes it again before another has woken up, fast and unfair. And throughput alone hides who had the lock. The "
        "sleeps told here are voluntary context switches, the futex waits that did sleep; waits that found the lock "
        "free again, and calls that woke somebody, are not seen without rights.",
    .try_next = "taskset -c 0 waitlab-client lesson locks: with one CPU a lock costs next to nothing.",
    .experiment = "",
    .run = run_locks,
    .program = locked_program,
};

}  // namespace waitlab::client
