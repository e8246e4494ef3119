#include "client/lessons/async_adds_no_capacity.hpp"

#include "client/lessons/lessons.hpp"
#include "client/lessons/measure.hpp"
#include "client/lessons/plots.hpp"
#include "client/lessons/target_cells.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace waitlab::client {
namespace {

constexpr double most_of_8 = 160;     // per second: 8 at once, 50 ms each
constexpr double clearly_more = 1.3;  // a loaded machine makes a thread later than the backend already

constexpr const char* capped_experiment = R"({
  "name": "lesson",
  "targets": [
    {"name": "pool-8", "server": {"strategy": "fixed-pool", "strategies": {"fixed-pool": {"threads": 8}}}},
    {"name": "pool-64", "server": {"strategy": "fixed-pool", "strategies": {"fixed-pool": {"threads": 64}}}},
    {"name": "event-loop", "server": {"strategy": "event-loop"}}
  ],
  "backend": {
    "profile": {"delay": {"distribution": "exponential", "mean": "50ms"}, "seed": 1, "concurrency": 8}
  },
  "load": {"rates": [240], "duration": "2500ms", "warmup": "300ms", "timeout": "5s"},
  "repeats": 1,
  "retries": 0,
  "quick": {"load": {"duration": "1200ms", "warmup": "200ms"}}
})";

constexpr const char* uncapped_experiment = R"({
  "name": "lesson",
  "targets": [
    {"name": "pool-8", "server": {"strategy": "fixed-pool", "strategies": {"fixed-pool": {"threads": 8}}}},
    {"name": "event-loop", "server": {"strategy": "event-loop"}}
  ],
  "backend": {"profile": {"delay": {"distribution": "exponential", "mean": "50ms"}, "seed": 1}},
  "load": {"rates": [240], "duration": "2500ms", "warmup": "300ms", "timeout": "5s"},
  "repeats": 1,
  "retries": 0,
  "quick": {"load": {"duration": "1200ms", "warmup": "200ms"}}
})";

constexpr std::array<LessonAnswer, 3> capacity_answers{{
    {"more", "the event loop answers more: no thread limits it"},
    {"same", "both answer as many"},
    {"less", "the event loop answers fewer: all is done by one thread"},
}};

QueueSeen queue_seen(const Cell& cell) {
  QueueSeen seen{.good_per_s = median_of(cell, Metric::good)};
  if (!cell.split) return seen;
  const auto part = [&](Part which) { return cell.split->part_ns[static_cast<std::size_t>(which)]; };
  seen.in_server = Seconds(part(Part::server_queue) / 1e9);
  if (cell.backend_hold_ns) seen.at_backend = Seconds((part(Part::backend) - *cell.backend_hold_ns) / 1e9);
  return seen;
}

void add_queue(LessonOutcome& outcome, const std::string& name, const QueueSeen& seen) {
  outcome.figures.push_back(
      {"answered, " + name, "per_s", rate_reading(most_of_8), {}, reading_of_rate(seen.good_per_s)});
  outcome.figures.push_back({"  queued in the server", "s", {}, {}, reading_of_time(seen.in_server)});
  outcome.figures.push_back({"  queued at the backend", "s", {}, {}, reading_of_time(seen.at_backend)});
}

std::string queues_plot(const CapacitySeen& seen) {
  std::vector<Bar> bars;
  const auto add = [&](const std::string& name, const std::optional<Seconds>& time) {
    bars.push_back({name, reading_of_time(time).value_or(Reading{0, "not known"})});
  };
  add("pool of 8, in the server", seen.pool_of_8.in_server);
  add("           at the backend", seen.pool_of_8.at_backend);
  add("pool of 64, in the server", seen.pool_of_64.in_server);
  add("           at the backend", seen.pool_of_64.at_backend);
  add("event loop, in the server", seen.loop.in_server);
  add("           at the backend", seen.loop.at_backend);
  return "Where a request queued, on average:\n" + bars_text(bars);
}

LessonOutcome capacity_told(const CapacitySeen& seen) {
  LessonOutcome outcome;
  add_queue(outcome, "pool of 8", seen.pool_of_8);
  add_queue(outcome, "pool of 64", seen.pool_of_64);
  add_queue(outcome, "event loop", seen.loop);
  outcome.figures.push_back({"no limit: answered, pool of 8",
                             "per_s",
                             rate_reading(most_of_8),
                             {},
                             reading_of_rate(seen.uncapped_pool_of_8)});
  outcome.figures.push_back(
      {"no limit: answered, event loop", "per_s", rate_reading(240), {}, reading_of_rate(seen.uncapped_loop)});
  outcome.answer = answer_of_capacity(seen);
  outcome.trace = queues_plot(seen);
  outcome.conclusion = capacity_sentences(seen);
  return outcome;
}

void append(std::vector<std::string>& list, std::vector<std::string> more) {
  std::ranges::move(more, std::back_inserter(list));
}

Result<LessonOutcome> run_async_adds_no_capacity(const LessonSetting& setting) {
  const auto capped = run_experiment_of(setting, capped_experiment);
  if (!capped) return capped.error();
  const TargetCells with_cap(*capped);
  CapacitySeen seen{.pool_of_8 = queue_seen(with_cap["pool-8"]),
                    .pool_of_64 = queue_seen(with_cap["pool-64"]),
                    .loop = queue_seen(with_cap["event-loop"])};
  if (setting.stop.stop_requested()) return capacity_told(seen);
  const auto uncapped = run_experiment_of(setting, uncapped_experiment);
  if (!uncapped) return uncapped.error();
  const TargetCells without_cap(*uncapped);
  seen.uncapped_pool_of_8 = median_of(without_cap["pool-8"], Metric::good);
  seen.uncapped_loop = median_of(without_cap["event-loop"], Metric::good);
  LessonOutcome outcome = capacity_told(seen);
  append(outcome.missing, with_cap.troubles());
  append(outcome.missing, without_cap.troubles());
  return outcome;
}

}  // namespace

std::string answer_of_capacity(const CapacitySeen& seen) {
  if (!seen.loop.good_per_s || !seen.pool_of_8.good_per_s) return "";
  if (*seen.loop.good_per_s >= clearly_more * *seen.pool_of_8.good_per_s) return "more";
  return *seen.pool_of_8.good_per_s >= clearly_more * *seen.loop.good_per_s ? "less" : "same";
}

std::string capacity_sentences(const CapacitySeen& seen) {
  const std::string answer = answer_of_capacity(seen);
  std::string text;
  if (answer == "same") {
    text = fmt::format(
        "The backend serves 8 at once, which is 160/s whoever asks: {:.0f}/s came through the pool, {:.0f}/s through "
        "the event loop. ",
        *seen.pool_of_8.good_per_s, *seen.loop.good_per_s);
  } else if (!answer.empty()) {
    text = fmt::format(
        "Here {:.0f}/s came through the pool and {:.0f}/s through the event loop, though the backend serves no more "
        "than 160/s to either: something else limited one of them. ",
        *seen.pool_of_8.good_per_s, *seen.loop.good_per_s);
  }
  if (seen.pool_of_8.in_server && seen.loop.at_backend) {
    text += fmt::format(
        "What differs is where a request queues: with 8 threads {} in the server, with the event loop {} at the "
        "backend. ",
        time_text(seen.pool_of_8.in_server), time_text(seen.loop.at_backend));
  }
  if (seen.uncapped_pool_of_8 && seen.uncapped_loop) {
    text += fmt::format(
        "Only where the backend takes as many as come are the 8 threads themselves the limit: {:.0f}/s through the "
        "pool, {:.0f}/s through the event loop.",
        *seen.uncapped_pool_of_8, *seen.uncapped_loop);
  }
  return text;
}

const Lesson async_adds_no_capacity_lesson{
    .name = "async-adds-no-capacity",
    .idea = "an event loop moves the queue, no more",
    .takes = std::chrono::seconds(24),
    .introduction =
        "A backend serves 8 requests at once, as a database with 8 connections might, 50 ms each on average: 160 a "
        "second. Each second 240 arrive. In front of the backend stands a pool of 8 threads, then one of 64, then an "
        "event loop that can have any number of requests wait.",
    .question = "Does the event loop answer more requests a second than the 8 threads?",
    .answers = capacity_answers,
    .how_it_lies =
        "a backend that only sleeps serves any number at once, so whoever asks for more at once gets more: the last "
        "two figures are of such a one. A real database has a limit.",
    .try_next = "waitlab-client lesson overload: what to do with the requests that are too many.",
    .experiment = "backend-cap",
    .run = run_async_adds_no_capacity,
};

}  // namespace waitlab::client
