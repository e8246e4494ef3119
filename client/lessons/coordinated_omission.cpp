#include "client/lessons/coordinated_omission.hpp"

#include "client/engine/load_run.hpp"
#include "client/experiment/program.hpp"
#include "client/lessons/lesson_server.hpp"
#include "client/lessons/lessons.hpp"
#include "client/lessons/measure.hpp"
#include "client/lessons/plots.hpp"
#include "client/lessons/target_cells.hpp"
#include "client/stats/time_summary.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace waitlab::client {
namespace {

using std::chrono::system_clock;

constexpr std::chrono::milliseconds standstill{1000};
constexpr std::chrono::milliseconds stop_hold{5};
constexpr double stop_rate = 100;
constexpr unsigned few_connections = 2;
constexpr double shows_from = 0.25;  // of the standstill

constexpr std::array<LessonAnswer, 4> stop_answers{{
    {"all", "that of each of the three"},
    {"rates", "both at the fixed rate; not that of the closed loop"},
    {"open", "only that of the open loop"},
    {"none", "that of none: it was one stop only"},
}};

/// Stops a process for a second, once told when, on a thread of its own. Whatever happens, the process goes on when
/// this is gone.
class Standstill {
 public:
  explicit Standstill(pid_t process) : process_(process) {}
  Standstill(const Standstill&) = delete;
  Standstill& operator=(const Standstill&) = delete;

  /// To be called once.
  void begin_at(system_clock::time_point moment) {
    thread_ = std::jthread([process = process_, moment](const std::stop_token& stop) {
      if (!waited_until(moment, stop)) return;
      ::kill(process, SIGSTOP);
      static_cast<void>(waited_until(system_clock::now() + standstill, stop));
      ::kill(process, SIGCONT);
    });
  }

 private:
  static bool waited_until(system_clock::time_point moment, const std::stop_token& stop) {
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable_any stopped;
    stopped.wait_until(lock, stop, moment, [] { return false; });
    return !stop.stop_requested();
  }

  pid_t process_;
  std::jthread thread_;
};

StopSeen stop_seen(const CensoredHistogram& times) {
  StopSeen seen{.requests = times.values.count()};
  times.values.for_each_bucket([&](const HdrHistogram::Bucket& bucket) {
    if (bucket.highest >= shows_from * standstill) seen.slow += bucket.count;
  });
  if (const auto p99 = percentile(times, 0.99); p99.value) seen.p99 = *p99.value;
  return seen;
}

/// How the three runs differ.
struct StopLoad {
  std::string name;
  std::optional<double> rate{};
  unsigned connections = few_connections;
};

/// A run of that length against the server, which stands still for a second of it from a third on.
Result<LoadResult> run_with_a_stop(const LessonSetting& setting, const Program& server, const StopLoad& load,
                                   std::chrono::milliseconds window) {
  setting.on_step(load.name + ", with the server stopped for 1 s");
  Standstill stop(server.pid());
  LoadOptions options;
  options.url = "http://" + server.address(0) + "/wait";
  options.rate = load.rate;
  options.connections = load.connections;
  options.max_connections = load.connections;
  options.duration = window;
  options.warmup = std::chrono::milliseconds(300);
  options.timeout = std::chrono::seconds(5);
  options.seed = setting.seed;
  options.stop = setting.stop;
  options.on_begin = [&](system_clock::time_point begin) { stop.begin_at(begin + window / 3); };
  return run_load(options);
}

/// What speaks against the runs, except that requests waited in the client, which is what the lesson shows.
void add_stop_troubles(std::vector<std::string>& missing, const StopLoad& load, const LoadResult& result) {
  if (result.valid() || result.record.waited_for_connection > 0) return;
  missing.push_back(fmt::format("a valid run of {}. Its figures are those of one that is INVALID: {}.", load.name,
                                fmt::join(result.invalid_because, "; ")));
}

Bar stop_bar(const std::string& label, const StopSeen& seen) {
  return {label, {static_cast<double>(seen.slow), fmt::format("{} of {}", seen.slow, seen.requests)}};
}

std::string stops_plot(const StopsSeen& seen) {
  return fmt::format("Requests that took more than {:.0f} ms, of those that were measured:\n",
                     1000 * shows_from * seen.stood_still.count()) +
         bars_text({stop_bar("closed loop", seen.closed), stop_bar("2 connections, from the send", seen.from_send),
                    stop_bar("2 connections, from when due", seen.from_due), stop_bar("open loop", seen.open)});
}

LessonOutcome stops_told(const StopsSeen& seen, Seconds window) {
  LessonOutcome outcome;
  const auto expected = reading_of_time(p99_with_a_stop(window, seen.stood_still, stop_hold));
  const auto hold = time_reading(stop_hold);
  outcome.figures = {
      {"p99, closed loop", "s", {}, hold, reading_of_time(seen.closed.p99)},
      {"p99, 2 connections, from the send", "s", {}, hold, reading_of_time(seen.from_send.p99)},
      {"p99, 2 connections, from when due", "s", {}, expected, reading_of_time(seen.from_due.p99)},
      {"p99, open loop", "s", {}, expected, reading_of_time(seen.open.p99)},
  };
  outcome.answer = answer_of_stops(seen);
  outcome.trace = stops_plot(seen);
  outcome.conclusion = stop_sentences(seen);
  return outcome;
}

Result<LessonOutcome> run_coordinated_omission(const LessonSetting& setting) {
  const std::chrono::milliseconds window(setting.quick ? 3000 : 5000);
  const std::array<StopLoad, 3> loads{{{.name = "a closed loop"},
                                       {.name = "100/s over 2 connections", .rate = stop_rate},
                                       {.name = "an open loop", .rate = stop_rate, .connections = 1000}}};
  const LessonFolder logs;
  auto server =
      start_lesson_server(setting, logs.path(),
                          {"strategy=event-loop", "backend.mode=timer", "backend.profile.delay.distribution=fixed",
                           fmt::format("backend.profile.delay.value={}ms", stop_hold.count())});
  if (!server) return server.error();
  StopsSeen seen;
  seen.stood_still = standstill;
  std::vector<std::string> missing;
  for (const StopLoad& load : loads) {
    const auto result = run_with_a_stop(setting, *server, load, window);
    if (!result) return result.error();
    if (setting.stop.stop_requested()) return Failure{"interrupted"};
    add_stop_troubles(missing, load, *result);
    const StopSeen response = stop_seen(result->record.response_time);
    if (!load.rate) seen.closed = response;
    if (load.rate && load.connections > few_connections) seen.open = response;
    if (load.rate && load.connections == few_connections) {
      seen.from_send = stop_seen(result->record.service_time);
      seen.from_due = response;
    }
  }
  LessonOutcome outcome = stops_told(seen, window);
  outcome.missing = std::move(missing);
  return outcome;
}

}  // namespace

std::string answer_of_stops(const StopsSeen& seen) {
  if (!seen.closed.p99 || !seen.from_send.p99 || !seen.open.p99) return "";
  const auto shows = [&](const StopSeen& way) { return *way.p99 >= shows_from * seen.stood_still; };
  if (!shows(seen.open)) return shows(seen.closed) || shows(seen.from_send) ? "" : "none";
  if (!shows(seen.from_send)) return shows(seen.closed) ? "" : "open";
  return shows(seen.closed) ? "all" : "rates";
}

Seconds p99_with_a_stop(Seconds window, Seconds stood_still, Seconds hold) {
  return stood_still - 0.01 * window + hold;
}

std::string stop_sentences(const StopsSeen& seen) {
  std::string text = fmt::format(
      "For a whole second nobody was served. The closed loop sent {} requests and saw {} of them wait{}; its p99 is "
      "{}. ",
      seen.closed.requests, seen.closed.slow,
      seen.closed.slow == few_connections ? ", one for each connection, as it sent no others meanwhile" : "",
      time_text(seen.closed.p99));
  text += fmt::format(
      "At a fixed rate 100 requests were due in that second. Over 2 connections they waited inside the client: timed "
      "from the send, the p99 is {}, timed from when they were due, {}. With an open loop it is {}. ",
      time_text(seen.from_send.p99), time_text(seen.from_due.p99), time_text(seen.open.p99));
  if (answer_of_stops(seen) != "open")
    text +=
        "By theory only the times from when a request was due tell of the stop in their p99; here it was otherwise: "
        "look at what else ran on this machine meanwhile. ";
  text +=
      "Users do not stop coming because a server stands still. waitlab calls a run INVALID in which requests had to "
      "wait inside the client, as they did over 2 connections.";
  return text;
}

const Lesson coordinated_omission_lesson{
    .name = "coordinated-omission",
    .idea = "who waits for answers misses the stop",
    .takes = std::chrono::seconds(18),
    .introduction =
        "A server answers in 5 ms. During a run of a few seconds it is stopped for one whole second (SIGSTOP), three "
        "times over: under a closed loop of 2 connections, each of which sends its next request when it has its "
        "answer; at 100 requests a second over the same 2 connections, each timed from when it was sent; and under an "
        "open loop, which sends 100 a second whatever comes back and times each from when it was due.",
    .question = "Whose p99 tells of the stop?",
    .answers = stop_answers,
    .how_it_lies =
        "A closed loop asks less of a server the worse it is. Samples that are made up afterwards, one for each that "
        "would have been sent, are a guess about requests that nobody made: here one may send them instead.",
    .try_next = "waitlab-client lesson overload: what an open loop shows of a server that has too much to do.",
    .experiment = {},
    .run = run_coordinated_omission,
};

}  // namespace waitlab::client
