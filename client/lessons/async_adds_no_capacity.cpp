#include "client/lessons/async_adds_no_capacity.hpp"

#include "client/lessons/lessons.hpp"
#include "client/lessons/measure.hpp"
#include "client/lessons/plots.hpp"
#include "client/lessons/target_cells.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace waitlab::client {
namespace {

constexpr unsigned served_at_once = 8;  // by the backend, and threads of the small pool
constexpr unsigned threads_of_large_pool = 64;
constexpr std::chrono::milliseconds capacity_hold{50};
constexpr double most_of_8 = served_at_once / Seconds(capacity_hold).count();  // per second
constexpr double capacity_rate = 240;
constexpr double clearly_more = 1.3;  // a loaded machine makes a thread later than the backend already

nlohmann::json pool_target(const char* name, unsigned threads) {
  return {{"name", name},
          {"server", {{"strategy", "fixed-pool"}, {"strategies", {{"fixed-pool", {{"threads", threads}}}}}}}};
}

nlohmann::json loop_target() {
  return {{"name", "event-loop"}, {"server", {{"strategy", "event-loop"}}}};
}

/// Before a backend that holds any number of requests at once, or only `limit` of them.
std::string capacity_experiment(const nlohmann::json& targets, std::optional<unsigned> limit) {
  nlohmann::json profile{
      {"delay", {{"distribution", "exponential"}, {"mean", fmt::format("{}ms", capacity_hold.count())}}}, {"seed", 1}};
  if (limit) profile["concurrency"] = *limit;
  return nlohmann::json{
      {"name", "lesson"},
      {"targets", targets},
      {"backend", {{"profile", profile}}},
      {"load", {{"rates", {capacity_rate}}, {"duration", "2500ms"}, {"warmup", "300ms"}, {"timeout", "5s"}}},
      {"repeats", 1},
      {"retries", 0},
      {"quick", {{"load", {{"duration", "1200ms"}, {"warmup", "200ms"}}}}}}
      .dump();
}

std::string capped_experiment() {
  return capacity_experiment(
      {pool_target("pool-8", served_at_once), pool_target("pool-64", threads_of_large_pool), loop_target()},
      served_at_once);
}

std::string uncapped_experiment() {
  return capacity_experiment({pool_target("pool-8", served_at_once), loop_target()}, std::nullopt);
}

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
  outcome.figures.push_back({"no limit: answered, event loop",
                             "per_s",
                             rate_reading(capacity_rate),
                             {},
                             reading_of_rate(seen.uncapped_loop)});
  outcome.answer = answer_of_capacity(seen);
  outcome.trace = queues_plot(seen);
  outcome.conclusion = capacity_sentences(seen);
  return outcome;
}

/// Of the pool's requests most queue in the server, of the loop's at the backend.
bool queue_moved(const CapacitySeen& seen) {
  const auto in_server = [](const QueueSeen& queue) { return queue.in_server.value_or(Seconds(0)); };
  const auto at_backend = [](const QueueSeen& queue) { return queue.at_backend.value_or(Seconds(0)); };
  return in_server(seen.pool_of_8) > at_backend(seen.pool_of_8) && at_backend(seen.loop) > in_server(seen.loop);
}

std::string moved_queue_sentence(const CapacitySeen& seen, const std::string& answer) {
  if (!seen.pool_of_8.in_server || !seen.loop.at_backend) return "";
  if (queue_moved(seen)) {
    return fmt::format(
        "{}: with 8 threads {} in the server, with the event loop {} at the backend. ",
        answer == "same" ? "What differs is where a request queues" : "Where a request queues differs as well",
        time_text(seen.pool_of_8.in_server), time_text(seen.loop.at_backend));
  }
  return fmt::format(
      "By theory the event loop moves the queue to the backend. Here that was not seen: with 8 threads a request "
      "queued for {} in the server and {} at the backend, with the event loop for {} and {}. ",
      time_text(seen.pool_of_8.in_server), time_text(seen.pool_of_8.at_backend), time_text(seen.loop.in_server),
      time_text(seen.loop.at_backend));
}

std::string uncapped_sentence(const CapacitySeen& seen, const std::string& answer) {
  if (!seen.uncapped_pool_of_8 || !seen.uncapped_loop) return "";
  const bool threads_limit = *seen.uncapped_loop >= clearly_more * *seen.uncapped_pool_of_8;
  if (!threads_limit) {
    return fmt::format(
        "Where the backend takes as many as come, the 8 threads should be the limit; here that was not seen: {:.0f}/s "
        "came through the pool, {:.0f}/s through the event loop.",
        *seen.uncapped_pool_of_8, *seen.uncapped_loop);
  }
  return fmt::format(
      "{} the 8 threads themselves the limit: {:.0f}/s through the pool, {:.0f}/s through the event loop.",
      answer == "same" ? "Only where the backend takes as many as come are"
                       : "Where the backend takes as many as come, so are",
      *seen.uncapped_pool_of_8, *seen.uncapped_loop);
}

void append(std::vector<std::string>& list, std::vector<std::string> more) {
  std::ranges::move(more, std::back_inserter(list));
}

Result<LessonOutcome> run_async_adds_no_capacity(const LessonSetting& setting) {
  const auto capped = run_experiment_of(setting, capped_experiment());
  if (!capped) return capped.error();
  const TargetCells with_cap(*capped);
  CapacitySeen seen{.pool_of_8 = queue_seen(with_cap["pool-8"]),
                    .pool_of_64 = queue_seen(with_cap["pool-64"]),
                    .loop = queue_seen(with_cap["event-loop"])};
  if (setting.stop.stop_requested()) return capacity_told(seen);
  const auto uncapped = run_experiment_of(setting, uncapped_experiment());
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
  return text + moved_queue_sentence(seen, answer) + uncapped_sentence(seen, answer);
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
        "A backend that only sleeps serves any number at once, so whoever asks for more at once gets more: the last "
        "two figures are of such a one. A real database has a limit.",
    .try_next = "waitlab-client lesson overload: what to do with the requests that are too many.",
    .experiment = "backend-cap",
    .run = run_async_adds_no_capacity,
};

}  // namespace waitlab::client
