#include "client/lessons/avoid_sharing.hpp"

#include "client/explorer/programs.hpp"
#include "client/lessons/lessons.hpp"
#include "client/lessons/plots.hpp"
#include "client/lessons/windows.hpp"
#include "common/process/machine.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <unistd.h>
#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace waitlab::client {
namespace {

constexpr std::array<LessonAnswer, 4> sharing_answers{{
    {"atomic", "one atomic counter will do: it needs no lock"},
    {"sharded", "a counter for each thread will do, wherever they lie"},
    {"padded", "a counter for each thread, in a cache line of its own"},
    {"none", "nothing: all of them are about as fast"},
}};

constexpr unsigned most_counting = 4;  ///< threads
constexpr unsigned counts_at_once = 1024;
constexpr unsigned counts_of_a_letter = 64 * counts_at_once;
constexpr std::chrono::milliseconds one_window{3};
constexpr unsigned fewest_count_windows = 3;

using Counter = std::atomic<std::uint64_t>;

/// Counters of some threads, at any distance of each other, and a mutex. Counts are relaxed atomics also where nobody
/// else looks: a plain counter would be kept in a register, and the loop be folded into one addition.
class Counters {
 public:
  /// Of a thread, `distance` bytes from that of the thread before.
  Counter& of(unsigned thread, std::size_t distance) { return counters_[thread * distance / sizeof(Counter)]; }

  void count_locked() {
    for (unsigned count = 0; count < counts_at_once; ++count) {
      const std::scoped_lock lock(mutex_);
      count_alone(counters_[0]);
    }
  }

  void count_and_send(unsigned thread) {
    Counter& own = of(thread, 128);
    const std::uint64_t before = own.load(std::memory_order_relaxed);
    for (unsigned count = 0; count < counts_of_a_letter; ++count)
      count_alone(own);
    const std::scoped_lock lock(mutex_);
    letters_.push_back(own.load(std::memory_order_relaxed) - before);
  }

  static void count_atomically(Counter& counter) {
    for (unsigned count = 0; count < counts_at_once; ++count)
      counter.fetch_add(1, std::memory_order_relaxed);
  }

  /// Right only while nobody else writes it.
  static void count_alone(Counter& counter) {
    counter.store(counter.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  }

 private:
  alignas(128) std::array<Counter, most_counting * 128 / sizeof(Counter)> counters_{};
  alignas(128) std::mutex mutex_;
  std::vector<std::uint64_t> letters_;
};

/// One way of counting, for a window.
WorkWindow count_for_a_window(unsigned threads, const std::vector<int>& cpus,
                              const std::function<void(Counters&, unsigned)>& count) {
  const auto counters = std::make_unique<Counters>();
  return work_for(one_window, threads, cpus, [&](unsigned thread) { count(*counters, thread); });
}

/// A way of counting, and where its rate goes.
struct CountingWay {
  double CountingRates::*rate;
  bool alone;
  unsigned counts;  ///< of a call
  std::function<void(Counters&, unsigned)> count;
};

std::vector<CountingWay> counting_ways() {
  using Rates = CountingRates;
  const auto locked = [](Counters& counters, unsigned) { counters.count_locked(); };
  const auto atomic = [](std::size_t distance) {
    return
        [distance](Counters& counters, unsigned thread) { Counters::count_atomically(counters.of(thread, distance)); };
  };
  const auto sent = [](Counters& counters, unsigned thread) { counters.count_and_send(thread); };
  constexpr unsigned some = counts_at_once;
  return {{&Rates::mutex_alone, true, some, locked},
          {&Rates::atomic_alone, true, some, atomic(0)},
          {&Rates::own_alone, true, counts_of_a_letter, sent},
          {&Rates::mutex, false, some, locked},
          {&Rates::atomic, false, some, atomic(0)},
          {&Rates::side_by_side, false, some, atomic(sizeof(Counter))},
          {&Rates::apart_64, false, some, atomic(64)},
          {&Rates::apart_128, false, some, atomic(128)},
          {&Rates::messages, false, counts_of_a_letter, sent}};
}

/// "CPUs 0 and 1, cores of their own; a cache line of 64 bytes".
std::string topology_text(const CountingRates& rates, const std::vector<int>& cpus) {
  const std::vector<int> used(cpus.begin(), cpus.begin() + std::min<std::ptrdiff_t>(std::ssize(cpus), rates.threads));
  const long line = ::sysconf(_SC_LEVEL1_DCACHE_LINESIZE);
  return fmt::format("  {} threads on CPUs {} ({}); cache line: {}\n", rates.threads, fmt::join(used, ", "),
                     used.size() < rates.threads ? "one for all of them"
                     : rates.own_cores           ? "each a core of its own"
                                                 : "some share a core, or the kernel does not tell",
                     line > 0 ? fmt::format("{} bytes", line) : "not known");
}

LessonOutcome counted(const CountingRates& rates, const std::vector<int>& cpus) {
  const double threads = rates.threads;
  const auto figure = [](const char* name, double possible, double here) {
    return LessonFigure{name, "per_s", rate_reading(possible), {}, rate_reading(here)};
  };
  LessonOutcome outcome;
  outcome.figures = {
      figure("one counter and a mutex", rates.mutex_alone, rates.mutex),
      figure("one atomic counter", rates.atomic_alone, rates.atomic),
      figure("a counter each, side by side", threads * rates.atomic_alone, rates.side_by_side),
      figure("a counter each, 64 bytes apart", threads * rates.atomic_alone, rates.apart_64),
      figure("a counter each, 128 bytes apart", threads * rates.atomic_alone, rates.apart_128),
      figure("own counts, sums sent as messages", threads * rates.own_alone, rates.messages),
  };
  outcome.trace = bars_text({{"mutex", rate_reading(rates.mutex)},
                             {"atomic", rate_reading(rates.atomic)},
                             {"side by side", rate_reading(rates.side_by_side)},
                             {"64 bytes apart", rate_reading(rates.apart_64)},
                             {"128 bytes apart", rate_reading(rates.apart_128)},
                             {"messages", rate_reading(rates.messages)}}) +
                  topology_text(rates, cpus);
  outcome.answer = counting_answer(rates);
  outcome.conclusion = counting_conclusion(rates);
  return outcome;
}

explorer::Program atomic_program() {
  return explorer::atomic_update({});
}

Result<LessonOutcome> run_avoid_sharing(const LessonSetting& setting) {
  const std::vector<int> cpus = cores_first(usable_cpus());
  CountingRates rates;
  rates.threads = std::clamp(static_cast<unsigned>(cpus.size()), 2U, most_counting);
  rates.own_cores = have_cores_of_their_own(cpus, rates.threads);
  const bool too_few_cpus = cpus.size() < rates.threads;
  const auto ways = counting_ways();
  std::vector<std::function<WorkWindow()>> kinds;
  for (const CountingWay& way : ways)
    kinds.emplace_back([&] { return count_for_a_window(way.alone ? 1 : rates.threads, cpus, way.count); });
  setting.on_step(fmt::format("{} threads count in six ways", rates.threads));
  const auto taken = take_windows(kinds,
                                  {.wanted = setting.quick ? 15U : 31U,
                                   .budget = std::chrono::seconds(setting.quick ? 8 : 16),
                                   .keep_disturbed = too_few_cpus},
                                  setting.stop);
  if (setting.stop.stop_requested()) return Failure{"interrupted"};
  if (std::ranges::any_of(taken,
                          [](const WorkWindows& windows) { return windows.kept.size() < fewest_count_windows; })) {
    LessonOutcome outcome;
    outcome.missing = {too_busy_for_windows()};
    return outcome;
  }
  for (std::size_t way = 0; way < ways.size(); ++way) {
    const auto rate = [](const WorkWindow& window) { return window.per_second(); };
    rates.*ways[way].rate = taken[way].middle(rate) * ways[way].counts;
  }
  LessonOutcome outcome = counted(rates, cpus);
  if (too_few_cpus)
    outcome.missing.emplace_back(
        "with one CPU no two threads run at the same moment, and no cache line has to move between CPUs.");
  return outcome;
}

}  // namespace

std::string counting_answer(const CountingRates& rates) {
  const double enough = rates.apart() * 2 / 3;
  const bool atomic = rates.atomic >= enough;
  const bool sharded = rates.side_by_side >= enough;
  if (atomic) return sharded ? "none" : "atomic";
  return sharded ? "sharded" : "padded";
}

std::string counting_conclusion(const CountingRates& rates) {
  const std::string answer = counting_answer(rates);
  const double best = rates.apart();
  std::string text;
  if (answer == "padded") {
    text = fmt::format(
        "One atomic counter for {} threads needs no lock, but every addition needs the cache line that the counter is "
        "in, and only one CPU at a time may write to that. Counters of their own in the same line {}, though no thread "
        "touches another's: here they came to {:.1f} times the rate of the one counter. In lines of their own they "
        "came to {:.1f} times.",
        rates.threads, rates.side_by_side < 1.5 * rates.atomic ? "are no better off" : "share that cost still",
        rates.side_by_side / rates.atomic, best / rates.atomic);
  } else if (answer == "sharded") {
    text = fmt::format(
        "Here counters side by side were about as fast as those in lines of their own, though the folklore says that "
        "they need a line each; both beat the one counter, by {:.1f} times.{}",
        best / rates.atomic,
        rates.own_cores ? "" : " The threads may have run on CPUs of one core, which share its caches.");
  } else {
    text = fmt::format(
        "Here counters in lines of their own gained {:.1f} times the rate of one atomic counter, though the folklore "
        "says that sharing it is what costs. It costs where CPUs take the line from each other: not on one CPU, and "
        "little between CPUs of one core.",
        best / rates.atomic);
  }
  if (rates.own_cores && rates.apart_128 > 1.25 * rates.apart_64)
    text += fmt::format(
        " 128 bytes apart they were {:.1f} times as fast as 64 bytes apart, so the cache line is not all that counts: "
        "some CPUs fetch lines in pairs.",
        rates.apart_128 / rates.apart_64);
  return text + fmt::format(
                    " Who counts for itself and sends a sum now and then needs no atomic addition at all: {:.1f} times "
                    "the rate of the one counter.",
                    rates.messages / rates.atomic);
}

const Lesson avoid_sharing_lesson{
    .name = "avoid-sharing",
    .idea = "sharing costs, even side by side",
    .takes = std::chrono::seconds(5),
    .introduction =
        "Threads count as fast as they can, the one event that they all have to note: in one counter with a mutex, in "
        "one atomic counter, in a counter for each thread (side by side in memory, 64 bytes apart, or 128), and each "
        "for itself, sending its sum as a message after every 65,536 counts.",
    .question = "What does it take for several threads to count faster than with a mutex?",
    .answers = sharing_answers,
    .how_it_lies =
        "A plain counter stays in a register, or its whole loop becomes one addition, and nothing is shared at all; "
        "hyper-threads of one core share its caches, and one CPU shares everything; and 64 bytes are not the distance "
        "everywhere: some CPUs fetch lines in pairs, others have lines of 128 bytes.",
    .try_next = "taskset -c 0 waitlab-client lesson avoid-sharing: the same on one CPU.",
    .experiment = "",
    .run = run_avoid_sharing,
    .program = atomic_program,
};

}  // namespace waitlab::client
