#include "client/lessons/concurrency_and_parallelism.hpp"

#include "client/lessons/cpu_work.hpp"
#include "client/lessons/lessons.hpp"
#include "client/lessons/measure.hpp"
#include "client/stats/time_text.hpp"
#include "common/net/file_descriptor.hpp"
#include "common/process/cgroup_limits.hpp"
#include "common/process/machine.hpp"

#include <fmt/format.h>

#include <poll.h>
#include <sys/socket.h>
#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <functional>
#include <system_error>
#include <thread>
#include <utility>

namespace waitlab::client {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

using PairClock = std::chrono::steady_clock;

constexpr milliseconds one_long_wait{30};
constexpr milliseconds one_computation{1};
constexpr milliseconds drawn_computation{20};
constexpr double as_long_as_one = 1.5;

constexpr std::array<LessonAnswer, 5> pair_answers{{
    {"all", "in all four cases"},
    {"three", "in all but one: two computations on one CPU take twice as long"},
    {"cpus", "on two CPUs only, be it waiting or computing"},
    {"waits", "for the two waits only, on one CPU and on two"},
    {"none", "in none of the four cases"},
}};

/// From the moment the first begins to the end of the last, with a thread for each of these CPUs.
nanoseconds span_of(const std::vector<int>& cpus, const std::function<void(unsigned)>& work) {
  std::vector<PairClock::time_point> begun(cpus.size());
  std::vector<PairClock::time_point> done(cpus.size());
  std::atomic<std::size_t> running{0};
  time_together(static_cast<unsigned>(cpus.size()), cpus, [&](unsigned number) {
    static_cast<void>(run_on_cpus({cpus[number]}));
    // Who blocked here would have to be woken, which may take longer than the work.
    ++running;
    while (running < cpus.size())
      std::this_thread::yield();
    begun[number] = PairClock::now();
    work(number);
    done[number] = PairClock::now();
  });
  return std::ranges::max(done) - std::ranges::min(begun);
}

/// The shortest of many: others on this machine can only make it longer. Where they do so all the time it goes on for
/// four times as long, until one comes near to what is possible.
nanoseconds shortest_span(const LessonSetting& setting, const std::vector<int>& cpus, nanoseconds possible,
                          const std::function<void(unsigned)>& work) {
  const nanoseconds patience = setting.quick ? milliseconds(600) : milliseconds(1500);
  const auto begin = PairClock::now();
  auto shortest = nanoseconds::max();
  const auto goes_on = [&] {
    const auto passed = PairClock::now() - begin;
    return passed < patience || (passed < 4 * patience && shortest > possible + possible / 4);
  };
  do {
    shortest = std::min(shortest, span_of(cpus, work));
  } while (goes_on() && !setting.stop.stop_requested());
  return shortest;
}

/// A CPU, and another one that shares no core with it, if there is one.
struct TwoCpus {
  int first = 0;
  std::optional<int> second{};
  bool one_core = false;
};

TwoCpus choose_cpus() {
  const std::vector<int> cpus = usable_cpus();
  TwoCpus two{.first = cpus.front()};
  if (cpus.size() < 2) return two;
  const std::string core = core_of(two.first);
  const auto other = std::ranges::find_if(cpus, [&](int cpu) { return cpu != two.first && core_of(cpu) != core; });
  two.one_core = other == cpus.end() && !core.empty();
  two.second = other == cpus.end() ? cpus[1] : *other;
  return two;
}

/// `in_turn`: how many times as long as one two must take on one CPU.
PairSeen see_pair(const LessonSetting& setting, const TwoCpus& cpus, int in_turn,
                  const std::function<void(unsigned)>& work) {
  PairSeen seen;
  seen.one = shortest_span(setting, {cpus.first}, nanoseconds::max() / 2, work);
  seen.on_one_cpu = shortest_span(setting, {cpus.first, cpus.first}, in_turn * seen.one, work);
  if (cpus.second) seen.on_two_cpus = shortest_span(setting, {cpus.first, *cpus.second}, seen.one, work);
  return seen;
}

/// Waits on a socket on which nothing comes.
PairSeen see_waiting(const LessonSetting& setting, const TwoCpus& cpus) {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
    throw std::system_error(errno, std::system_category(), "a pair of sockets");
  const FileDescriptor silent(ends[0]);
  const FileDescriptor other(ends[1]);
  return see_pair(setting, cpus, 1, [&](unsigned) {
    pollfd socket{.fd = silent.get(), .events = POLLIN, .revents = 0};
    ::poll(&socket, 1, static_cast<int>(one_long_wait.count()));
  });
}

PairSeen see_computing(const LessonSetting& setting, const TwoCpus& cpus) {
  const std::uint64_t units = units_of_work(one_computation);
  std::array<CpuWork, 2> work{CpuWork(1), CpuWork(2)};
  const PairSeen seen = see_pair(setting, cpus, 2, [&](unsigned number) { work[number].do_units(units); });
  static std::atomic<std::uint64_t> results;
  results.store(work[0].result() + work[1].result(), std::memory_order_relaxed);
  return seen;
}

/// Two threads that compute on these CPUs, as lines of 60 columns.
std::string drawn_lanes(const std::vector<int>& cpus, const std::string& label) {
  const std::uint64_t units = units_of_work(drawn_computation);
  std::array<CpuWork, 2> work{CpuWork(1), CpuWork(2)};
  std::array<std::vector<PairClock::time_point>, 2> ended;
  std::array<PairClock::time_point, 2> begun;
  const nanoseconds span = span_of(cpus, [&](unsigned number) {
    ended[number].reserve(units);
    begun[number] = PairClock::now();
    for (std::uint64_t unit = 0; unit < units; ++unit) {
      work[number].do_units(1);
      ended[number].push_back(PairClock::now());
    }
  });
  const auto origin = std::ranges::min(begun);
  std::string text = fmt::format("  two computations of {} on {}, {} in all\n", short_time(drawn_computation), label,
                                 short_time(span));
  for (unsigned number = 0; number < 2; ++number) {
    Lane lane;
    for (const auto moment : ended[number])
      lane.push_back(moment - origin);
    text += fmt::format("    thread {} {}\n", number + 1, lane_text(lane, span, 60));
  }
  return text;
}

std::vector<LessonFigure> pair_figures(const PairsSeen& seen) {
  std::vector<LessonFigure> figures;
  const auto add = [&figures](const std::string& what, const PairSeen& pair, nanoseconds possible_on_one) {
    figures.push_back({"one " + what, "s", {}, {}, time_reading(pair.one)});
    figures.push_back({fmt::format("two {}s on one CPU", what),
                       "s",
                       time_reading(possible_on_one),
                       {},
                       time_reading(pair.on_one_cpu)});
    if (pair.on_two_cpus)
      figures.push_back(
          {fmt::format("two {}s on two CPUs", what), "s", time_reading(pair.one), {}, time_reading(*pair.on_two_cpus)});
  };
  add("wait", seen.waiting, seen.waiting.one);
  add("computation", seen.computing, 2 * seen.computing.one);
  return figures;
}

void note_missing(LessonOutcome& outcome, const TwoCpus& cpus) {
  if (!cpus.second) {
    outcome.missing.emplace_back("what two CPUs make of it: this process may use only one.");
    return;
  }
  if (cpus.one_core) {
    outcome.missing.push_back(
        fmt::format("two cores: by the kernel's topology CPUs {} and {} are one core, which two "
                    "threads share. Work that keeps more of a core busy than this would gain less.",
                    cpus.first, *cpus.second));
  }
  if (const auto quota = cgroup_limits().cpus; quota && *quota < 2) {
    outcome.missing.push_back(
        fmt::format("two CPUs for long: the control group's quota is {:g} CPUs. Both can run at "
                    "the same time, but not all the time.",
                    *quota));
  }
}

/// Once `stop` was asked: nothing.
std::optional<LessonOutcome> see_pairs(const LessonSetting& setting) {
  LessonOutcome outcome;
  const TwoCpus cpus = choose_cpus();
  PairsSeen seen;
  setting.on_step("waiting, alone and in pairs");
  seen.waiting = see_waiting(setting, cpus);
  if (setting.stop.stop_requested()) return std::nullopt;
  setting.on_step("computing, alone and in pairs");
  seen.computing = see_computing(setting, cpus);
  if (setting.stop.stop_requested()) return std::nullopt;
  outcome.trace = drawn_lanes({cpus.first, cpus.first}, "one CPU");
  if (cpus.second) outcome.trace += drawn_lanes({cpus.first, *cpus.second}, "two CPUs");
  note_missing(outcome, cpus);
  outcome.figures = pair_figures(seen);
  outcome.answer = concurrency_answer(seen);
  outcome.conclusion = concurrency_conclusion(seen);
  return outcome;
}

Result<LessonOutcome> run_concurrency(const LessonSetting& setting) {
  try {
    auto outcome = see_pairs(setting);
    if (!outcome) return Failure{"interrupted"};
    return std::move(*outcome);
  } catch (const std::system_error& error) {
    return Failure{fmt::format("two threads could not be had: {}", error.what())};
  }
}

bool is_as_one(const PairSeen& pair, nanoseconds two) {
  return std::chrono::duration<double>(two) / pair.one < as_long_as_one;
}

/// "1.9 times"
std::string times_of_one(const PairSeen& pair, nanoseconds two) {
  return fmt::format("{:.1f} times", std::chrono::duration<double>(two) / pair.one);
}

}  // namespace

std::string concurrency_answer(const PairsSeen& seen) {
  if (!seen.waiting.on_two_cpus || !seen.computing.on_two_cpus) return "";
  const std::array as_one{
      is_as_one(seen.waiting, seen.waiting.on_one_cpu), is_as_one(seen.waiting, *seen.waiting.on_two_cpus),
      is_as_one(seen.computing, seen.computing.on_one_cpu), is_as_one(seen.computing, *seen.computing.on_two_cpus)};
  if (as_one == std::array{true, true, true, true}) return "all";
  if (as_one == std::array{true, true, false, true}) return "three";
  if (as_one == std::array{false, true, false, true}) return "cpus";
  if (as_one == std::array{true, true, false, false}) return "waits";
  return as_one == std::array{false, false, false, false} ? "none" : "";
}

std::string concurrency_conclusion(const PairsSeen& seen) {
  const auto& [waiting, computing] = seen;
  std::string text = is_as_one(waiting, waiting.on_one_cpu)
                         ? "Two waits on one CPU took as long as one: both were under way at the same time, which is "
                           "concurrency, and needs no second CPU. "
                         : fmt::format("Here two waits on one CPU took {} as long as one, though a wait needs no CPU. ",
                                       times_of_one(waiting, waiting.on_one_cpu));
  text += is_as_one(computing, computing.on_one_cpu)
              ? fmt::format(
                    "Here two computations on one CPU took only {} as long as one, though it can do but one at "
                    "a time. ",
                    times_of_one(computing, computing.on_one_cpu))
              : fmt::format("Two computations on one CPU took {} as long as one: they took turns. ",
                            times_of_one(computing, computing.on_one_cpu));
  if (!computing.on_two_cpus) return text;
  text += is_as_one(computing, *computing.on_two_cpus)
              ? fmt::format("On two CPUs they took {} as long: both ran at the same time, which is parallelism.",
                            times_of_one(computing, *computing.on_two_cpus))
              : fmt::format(
                    "Here they took {} as long on two CPUs too, though two CPUs should run both at the same "
                    "time: either they are one core, or others keep them busy.",
                    times_of_one(computing, *computing.on_two_cpus));
  return text;
}

std::string lane_text(const Lane& lane, nanoseconds span, std::size_t columns) {
  std::string text(columns, '.');
  for (const nanoseconds moment : lane) {
    const double place = std::chrono::duration<double>(moment) / span * static_cast<double>(columns);
    text[std::min(static_cast<std::size_t>(std::max(place, 0.0)), columns - 1)] = '#';
  }
  return text;
}

const Lesson concurrency_and_parallelism_lesson{
    .name = "concurrency-and-parallelism",
    .idea = "waits overlap anywhere, work needs CPUs",
    .takes = std::chrono::seconds(10),
    .introduction =
        "Two threads each do one thing: they wait on a socket, or they compute. Both have one CPU between them, or a "
        "CPU each. That makes four cases.",
    .question = "In which of the four do two of these take about as long as one?",
    .answers = pair_answers,
    .how_it_lies =
        "Two hardware threads of one core are counted as two CPUs, but share its units: work that keeps a core busy "
        "gains little. A container's quota of two CPUs is not two CPUs, but time on any of them. And on a busy machine "
        "two threads get more of a CPU than one does, so two seem to take less than twice as long; here the shortest "
        "of many runs counts, each of them short.",
    .try_next = "waitlab-client experiment cpu-vs-wait: a loop that computes keeps all others waiting.",
    .experiment = "cpu-vs-wait",
    .run = run_concurrency,
};

}  // namespace waitlab::client
