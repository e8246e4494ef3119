#include "client/lessons/context_switches.hpp"

#include "client/experiment/server_program.hpp"
#include "client/lessons/lessons.hpp"
#include "client/lessons/measure.hpp"
#include "client/lessons/plots.hpp"
#include "client/stats/time_text.hpp"
#include "common/net/file_descriptor.hpp"
#include "common/process/machine.hpp"
#include "common/process/process_stats.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <fcntl.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <optional>
#include <system_error>
#include <utility>

namespace waitlab::client {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

using SwitchClock = std::chrono::steady_clock;

constexpr double far_fewer = 1.6;
constexpr unsigned connections_at_full_load = 64;

constexpr std::array<LessonAnswer, 4> switch_answers{{
    {"always", "one at a time, and at full load too"},
    {"full", "only at full load"},
    {"alone", "only one at a time"},
    {"never", "neither: a request is a request"},
}};

struct Pipe {
  FileDescriptor out;
  FileDescriptor in;

  Pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::system_error(errno, std::system_category(), "a pipe");
    out = FileDescriptor(ends[0]);
    in = FileDescriptor(ends[1]);
  }
};

/// 0, or the error.
int send_byte(const Pipe& pipe) {
  const char byte = 0;
  return ::write(pipe.in.get(), &byte, 1) == 1 ? 0 : errno;
}

/// 0, or the error; EPIPE where nobody can send one any more.
int await_byte(const Pipe& pipe) {
  char byte = 0;
  const ssize_t got = ::read(pipe.out.get(), &byte, 1);
  if (got == 1) return 0;
  return got == 0 ? EPIPE : errno;
}

void throw_pipe_error(int error) {
  if (error != 0) throw std::system_error(error, std::system_category(), "a byte through a pipe");
}

constexpr unsigned rounds_at_once = 50;

/// The fastest tenth of many: others on this machine can only make it slower.
nanoseconds fastest_tenth(std::vector<nanoseconds> times) {
  const auto tenth = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 10);
  std::ranges::nth_element(times, tenth);
  return *tenth;
}

/// The first thread begins. 0, or the error.
int play_round(unsigned number, const Pipe& mine, const Pipe& others) {
  const int first = number == 0 ? send_byte(mine) : await_byte(others);
  if (first != 0) return first;
  return number == 0 ? await_byte(others) : send_byte(mine);
}

/// Two threads on these CPUs, one each. Throws std::system_error if a pipe fails.
PingPong play_ping_pong(unsigned batches, int first_cpu, int second_cpu) {
  std::array<Pipe, 2> pipes;  // each thread writes into its own
  std::vector<nanoseconds> took;
  took.reserve(batches);
  std::array<std::uint64_t, 2> switches{};
  std::atomic<int> first_error{0};
  time_together(2, usable_cpus(), [&](unsigned number) {
    static_cast<void>(run_on_cpus({number == 0 ? first_cpu : second_cpu}));
    const ResourceUsage before = thread_usage();
    for (unsigned batch = 0; batch < batches; ++batch) {
      const auto begin = SwitchClock::now();
      for (unsigned round = 0; round < rounds_at_once; ++round) {
        const int error = play_round(number, pipes[number], pipes[1 - number]);
        if (error == 0) continue;
        int none = 0;
        first_error.compare_exchange_strong(none, error);
        pipes[number].in = FileDescriptor();  // or the other would wait for ever
        return;
      }
      if (number == 0) took.push_back((SwitchClock::now() - begin) / (2 * rounds_at_once));
    }
    const ResourceUsage used = thread_usage() - before;
    switches[number] = used.voluntary_switches + used.involuntary_switches;
  });
  throw_pipe_error(first_error);
  const double rounds = static_cast<double>(batches) * rounds_at_once;
  return {.hand_over = fastest_tenth(std::move(took)),
          .switches = static_cast<double>(switches[0] + switches[1]) / rounds};
}

/// A byte written and read by the same thread: what of a hand-over is no switch.
nanoseconds time_system_calls(unsigned batches) {
  const Pipe pipe;
  std::vector<nanoseconds> took;
  for (unsigned batch = 0; batch < batches; ++batch) {
    const auto begin = SwitchClock::now();
    for (unsigned round = 0; round < rounds_at_once; ++round) {
      throw_pipe_error(send_byte(pipe));
      throw_pipe_error(await_byte(pipe));
    }
    took.push_back((SwitchClock::now() - begin) / rounds_at_once);
  }
  return fastest_tenth(std::move(took));
}

/// One request at a time, then as many as the server can do.
std::string switches_experiment(const std::string& strategy) {
  return nlohmann::json{{"name", "switches"},
                        {"title", "Switches"},
                        {"question", "How often does the kernel switch for a request?"},
                        {"targets", {{{"name", strategy}, {"server", {{"strategy", strategy}}}}}},
                        {"backend", {{"profile", {{"delay", {{"distribution", "fixed"}, {"value", "5ms"}}}}}}},
                        {"load",
                         {{"path", "/wait"},
                          {"connections", {1, connections_at_full_load}},
                          {"duration", "600ms"},
                          {"warmup", "100ms"},
                          {"timeout", "10s"}}},
                        {"repeats", 1},
                        {"retries", 0},
                        {"quick", {{"load", {{"duration", "300ms"}}}}}}
      .dump();
}

std::optional<double> switches_of(const ExperimentResult& result, std::size_t level) {
  const auto run = std::ranges::find(result.runs, level, &ExperimentRun::level);
  if (run == result.runs.end() || !run->server.usage || run->server.usage->completed == 0) return std::nullopt;
  return static_cast<double>(run->server.usage->switches()) / static_cast<double>(run->server.usage->completed);
}

/// Says which of the strategy's runs are INVALID.
void add_invalid_runs(const ExperimentResult& result, const std::string& strategy, std::vector<std::string>& missing) {
  for (const ExperimentRun& run : result.runs) {
    if (run.load.valid()) continue;
    missing.push_back(fmt::format("a valid run of {} {}. Its figure is that of one that is INVALID: {}.", strategy,
                                  run.level == 0 ? "with one request at a time" : "at full load",
                                  fmt::join(run.load.invalid_because, "; ")));
  }
}

Result<StrategySwitches> see_strategy(const LessonSetting& setting, const std::string& strategy,
                                      std::vector<std::string>& missing) {
  const auto result = run_experiment_of(setting, switches_experiment(strategy));
  if (!result) return result.error();
  const auto alone = switches_of(*result, 0);
  const auto full = switches_of(*result, 1);
  if (!alone || !full || !result->targets.front().facts) return Failure{"the server's switches could not be counted"};
  add_invalid_runs(*result, strategy, missing);
  return StrategySwitches{.strategy = strategy,
                          .holds_worker = result->targets.front().facts->holds_worker,
                          .alone = *alone,
                          .full = *full};
}

std::vector<StrategySwitches> see_strategies(const LessonSetting& setting, LessonOutcome& outcome) {
  std::vector<StrategySwitches> seen;
  const auto known = ask_strategies(setting.programs.server);
  if (!known) {
    outcome.missing.push_back(fmt::format("the strategies: {}.", known.error().message));
    return seen;
  }
  for (const auto& [name, facts] : *known) {
    auto strategy = see_strategy(setting, name, outcome.missing);
    if (setting.stop.stop_requested()) break;
    if (strategy) {
      seen.push_back(std::move(*strategy));
    } else {
      outcome.missing.push_back(fmt::format("{}: {}.", name, strategy.error().message));
    }
  }
  return seen;
}

void tell_ping_pong(const LessonSetting& setting, LessonOutcome& outcome) {
  const unsigned batches = setting.quick ? 100 : 400;
  const std::vector<int> cpus = usable_cpus();
  const nanoseconds calls = time_system_calls(batches);
  const PingPong one = play_ping_pong(batches, cpus[0], cpus[0]);
  std::vector<Bar> bars{{"system calls alone", time_reading(calls)},
                        {"hand-over, same CPU", time_reading(one.hand_over)}};
  outcome.figures = {{"write and read, no other thread", "s", {}, {}, time_reading(calls)},
                     {"hand-over on one CPU", "s", {}, {}, time_reading(one.hand_over)},
                     {"  switches per round trip", "count", count_reading(2), {}, count_reading(one.switches)}};
  if (cpus.size() > 1) {
    const PingPong two = play_ping_pong(batches, cpus[0], cpus[1]);
    bars.push_back({"hand-over, other CPU", time_reading(two.hand_over)});
    outcome.figures.push_back({"hand-over between two CPUs", "s", {}, {}, time_reading(two.hand_over)});
    outcome.figures.push_back(
        {"  switches per round trip", "count", count_reading(2), {}, count_reading(two.switches)});
  } else {
    outcome.missing.emplace_back("the hand-over between two CPUs: this process may use only one.");
  }
  outcome.trace = "  from one thread to another through a pipe\n" + bars_text(bars);
}

void tell_strategies(const std::vector<StrategySwitches>& strategies, LessonOutcome& outcome) {
  std::vector<Bar> alone;
  std::vector<Bar> full;
  for (const StrategySwitches& one : strategies) {
    alone.push_back({one.strategy, count_reading(one.alone)});
    full.push_back({one.strategy, count_reading(one.full)});
    outcome.figures.push_back({one.strategy + ", one by one", "count", {}, {}, count_reading(one.alone)});
    outcome.figures.push_back({"  at full load", "count", {}, {}, count_reading(one.full)});
  }
  if (strategies.empty()) return;
  outcome.trace += fmt::format("  switches per request, one request at a time\n{}", bars_text(alone));
  outcome.trace += fmt::format("  switches per request, at full load ({} connections)\n{}", connections_at_full_load,
                               bars_text(full));
}

Result<LessonOutcome> run_context_switches(const LessonSetting& setting) {
  LessonOutcome outcome;
  try {
    tell_ping_pong(setting, outcome);
  } catch (const std::system_error& error) {
    outcome.missing.push_back(fmt::format("two threads and a pipe between them: {}.", error.what()));
  }
  const auto strategies = see_strategies(setting, outcome);
  if (setting.stop.stop_requested()) return Failure{"interrupted"};
  tell_strategies(strategies, outcome);
  outcome.answer = context_switches_answer(strategies);
  outcome.conclusion = context_switches_conclusion(strategies);
  return outcome;
}

/// The fewest switches of either kind.
struct Fewest {
  std::optional<double> holding{};
  std::optional<double> loop{};

  bool known() const { return holding && loop; }
  bool is_far_fewer() const { return *loop * far_fewer <= *holding; }
};

Fewest fewest_of(const std::vector<StrategySwitches>& strategies, double StrategySwitches::*load) {
  Fewest fewest;
  for (const StrategySwitches& one : strategies) {
    auto& least = one.holds_worker ? fewest.holding : fewest.loop;
    least = std::min(least.value_or(one.*load), one.*load);
  }
  return fewest;
}

}  // namespace

std::string context_switches_answer(const std::vector<StrategySwitches>& strategies) {
  const Fewest alone = fewest_of(strategies, &StrategySwitches::alone);
  const Fewest full = fewest_of(strategies, &StrategySwitches::full);
  if (!alone.known()) return "";
  if (full.is_far_fewer()) return alone.is_far_fewer() ? "always" : "full";
  return alone.is_far_fewer() ? "alone" : "never";
}

std::string context_switches_conclusion(const std::vector<StrategySwitches>& strategies) {
  const Fewest alone = fewest_of(strategies, &StrategySwitches::alone);
  const Fewest full = fewest_of(strategies, &StrategySwitches::full);
  if (!alone.known()) return "";
  std::string text = fmt::format(
      "One request at a time, a loop switches {:.2g} times for each, and a worker that is "
      "kept at best {:.2g} times: ",
      *alone.loop, *alone.holding);
  text += alone.is_far_fewer() ? "here a loop is better even then. "
                               : "whoever waits has to be woken, loop or thread, though the folklore says that a loop "
                                 "saves the switches. ";
  text += fmt::format("At full load it is {:.2g} and {:.2g}: ", *full.loop, *full.holding);
  text += full.is_far_fewer() ? "a loop that is woken once finds many requests ready, and a thread only its own."
                              : "here the loop saves little even then, though it should find many requests ready each "
                                "time it is woken.";
  return text;
}

const Lesson context_switches_lesson{
    .name = "context-switches",
    .idea = "what a switch costs, and who needs them",
    .takes = std::chrono::seconds(28),
    .introduction =
        "When a thread waits, the kernel switches to another. First two threads wake each other through a pipe, on one "
        "CPU and on two. Then each strategy serves requests that wait 5 ms for a backend: one at a time, and from 64 "
        "connections, as many as it can.",
    .question = "When does an event loop switch far less often for each request than a server with a thread for each?",
    .answers = switch_answers,
    .how_it_lies =
        "Half a round trip through pipes is more than a switch: it includes two system calls, and between two CPUs the "
        "waking of one that sleeps. In /proc the switches of a thread that has ended are gone; the process's getrusage "
        "has them. And a loop compared only one request at a time, or only at full load, looks worse or better than it "
        "is.",
    .try_next = "taskset -c 0 waitlab-client lesson context-switches: everybody on one CPU.",
    .experiment = "all-strategies",
    .run = run_context_switches,
};

}  // namespace waitlab::client
