#include "client/lessons/overload.hpp"

#include "client/lessons/lessons.hpp"
#include "client/lessons/measure.hpp"
#include "client/lessons/plots.hpp"
#include "client/lessons/target_cells.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace waitlab::client {
namespace {

using std::chrono::nanoseconds;

constexpr double overload_rate = 200;
constexpr std::chrono::milliseconds overload_hold{50};
constexpr unsigned overload_threads = 8;
constexpr unsigned bounded_room = 16;
constexpr unsigned unbounded_room = 100'000;  // more than come while the load lasts
constexpr std::chrono::milliseconds patience{500};
constexpr double clearly_better = 1.5;

nlohmann::json queue_target(const char* name, unsigned room) {
  const nlohmann::json pool{{"threads", overload_threads}, {"queue_capacity", room}};
  return {{"name", name}, {"server", {{"strategy", "fixed-pool"}, {"strategies", {{"fixed-pool", pool}}}}}};
}

std::string overload_experiment() {
  return nlohmann::json{
      {"name", "lesson"},
      {"targets", {queue_target("unbounded", unbounded_room), queue_target("room-for-16", bounded_room)}},
      {"backend",
       {{"profile",
         {{"delay", {{"distribution", "exponential"}, {"mean", fmt::format("{}ms", overload_hold.count())}}},
          {"seed", 1}}}}},
      {"load",
       {{"rates", {overload_rate}},
        {"duration", "8s"},
        {"warmup", "300ms"},
        {"timeout", fmt::format("{}ms", patience.count())}}},
      {"repeats", 1},
      {"retries", 0},
      {"quick", {{"load", {{"duration", "4s"}, {"warmup", "300ms"}}}}}}
      .dump();
}

constexpr std::array<LessonAnswer, 3> overload_answers{{
    {"unbounded", "the unbounded one, for nobody is rejected"},
    {"bounded", "the one with room for 16, though it rejects some"},
    {"same", "both: 8 threads serve 160 a second either way"},
}};

const ExperimentRun* run_of(const ExperimentResult& result, std::string_view target) {
  for (const ExperimentRun& run : result.runs) {
    if (result.targets[run.target].name == target) return &run;
  }
  return nullptr;
}

/// A figure of the run of that target, if there is one.
template <class Read>
auto of_run(const ExperimentResult& result, std::string_view target, Read read)
    -> decltype(read(std::declval<const ExperimentRun&>())) {
  const ExperimentRun* const run = run_of(result, target);
  if (run == nullptr) return std::nullopt;
  return read(*run);
}

std::optional<double> good_late(const ExperimentRun& run) {
  return good_in_last_half(run.load.timeline, run.load.window);
}

/// Good responses in each second of the run: "160 141 35 0 0".
std::string by_second(const RunSeries& timeline, nanoseconds window) {
  std::vector<std::uint64_t> good(static_cast<std::size_t>(window / std::chrono::seconds(1)));
  for (std::size_t index = 0; index < timeline.stretches.size(); ++index) {
    const auto at = timeline.begin + static_cast<std::int64_t>(index) * timeline.width;
    const auto second = static_cast<std::size_t>(at / std::chrono::seconds(1));
    if (second < good.size()) good[second] += timeline.stretches[index].ended - timeline.stretches[index].errors;
  }
  std::string text;
  for (const std::uint64_t count : good)
    text += fmt::format("{:5}", count);
  return text;
}

std::string seconds_text(const ExperimentResult& result) {
  std::string text = fmt::format("Answered within {} ms, second by second:\n", patience.count());
  for (const char* const target : {"unbounded", "room-for-16"}) {
    const ExperimentRun* const run = run_of(result, target);
    text += fmt::format("  {:<12}{}\n", target, run == nullptr ? "" : by_second(run->load.timeline, run->load.window));
  }
  return text;
}

LessonOutcome overload_told(const ExperimentResult& result) {
  const TargetCells cells(result);
  const BoundedPool bounded(overload_rate, overload_hold, overload_threads, bounded_room);
  const double in_time = bounded.served_rate() * (1 - bounded.response_tail(patience));
  const OverloadSeen seen{.unbounded_per_s = of_run(result, "unbounded", good_late),
                          .bounded_per_s = of_run(result, "room-for-16", good_late)};
  LessonOutcome outcome;
  const auto lost = median_of(cells["room-for-16"], Metric::errors);
  outcome.figures = {
      {"in time, unbounded, last half", "per_s", {}, rate_reading(0), reading_of_rate(seen.unbounded_per_s)},
      {"in time, room for 16, last half", "per_s", {}, rate_reading(in_time), reading_of_rate(seen.bounded_per_s)},
      {"not answered in time, room for 16",
       "share",
       {},
       share_reading(1 - in_time / overload_rate),
       lost ? std::optional(share_reading(*lost / 100)) : std::nullopt},
      {"p99 of good answers, room for 16",
       "s",
       {},
       reading_of_time(bounded.response_quantile(0.99)),
       reading_of_time(median_time(cells["room-for-16"], Metric::p99))},
  };
  outcome.answer = answer_of_overload(seen);
  outcome.trace = seconds_text(result);
  outcome.conclusion = overload_sentences(seen);
  outcome.missing = cells.troubles();
  return outcome;
}

Result<LessonOutcome> run_overload(const LessonSetting& setting) {
  const auto result = run_experiment_of(setting, overload_experiment());
  if (!result) return result.error();
  return overload_told(*result);
}

}  // namespace

std::optional<double> good_in_last_half(const RunSeries& timeline, nanoseconds window) {
  std::uint64_t good = 0;
  nanoseconds span{0};
  for (std::size_t index = 0; index < timeline.stretches.size(); ++index) {
    const nanoseconds at = timeline.begin + static_cast<std::int64_t>(index) * timeline.width;
    if (at < window / 2 || at + timeline.width > window) continue;
    good += timeline.stretches[index].ended - timeline.stretches[index].errors;
    span += timeline.width;
  }
  if (span.count() == 0) return std::nullopt;
  return static_cast<double>(good) / std::chrono::duration<double>(span).count();
}

std::string answer_of_overload(const OverloadSeen& seen) {
  if (!seen.unbounded_per_s || !seen.bounded_per_s) return "";
  if (*seen.bounded_per_s > clearly_better * *seen.unbounded_per_s) return "bounded";
  return *seen.unbounded_per_s > clearly_better * *seen.bounded_per_s ? "unbounded" : "same";
}

std::string overload_sentences(const OverloadSeen& seen) {
  const std::string answer = answer_of_overload(seen);
  if (answer.empty()) return "";
  std::string text = fmt::format(
      "In the last half of the run {:.0f} requests a second were answered in time behind the unbounded queue, and "
      "{:.0f} behind the one with room for 16. ",
      *seen.unbounded_per_s, *seen.bounded_per_s);
  if (answer == "bounded")
    return text +
           "Both pools are busy all the time, but at 1.25 times the capacity the wait in the unbounded queue "
           "grows by a quarter of a second each second, until each request is reached too late for its "
           "client. To reject some at once keeps the promise made to the others.";
  return text +
         "The folklore says that behind an unbounded queue nobody is answered in time once the wait has outgrown "
         "the clients' patience; here it was not so.";
}

const Lesson overload_lesson{
    .name = "overload",
    .idea = "a long queue makes all requests late",
    .takes = std::chrono::seconds(19),
    .introduction =
        "A pool of 8 threads serves 160 requests a second, each held for 50 ms on average, and 200 arrive: 1.25 times "
        "as many. Clients give up after 500 ms. Once the pool has a queue without a bound; once it has room for 16 "
        "requests, and whoever finds it full is rejected at once with a 503.",
    .question = "Behind which queue are more requests answered in time, in the last half of the run?",
    .answers = overload_answers,
    .how_it_lies =
        "A 503 counted as an answer, and a fast one; or goodput without a deadline: without one the unbounded queue "
        "answers 160 a second as well, only later and later.",
    .try_next = "waitlab-client experiment overload: queues of four lengths.",
    .experiment = "overload",
    .run = run_overload,
};

}  // namespace waitlab::client
