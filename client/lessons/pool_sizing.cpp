#include "client/lessons/pool_sizing.hpp"

#include "client/lessons/lessons.hpp"
#include "client/lessons/measure.hpp"
#include "client/lessons/plots.hpp"
#include "client/lessons/target_cells.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace waitlab::client {
namespace {

constexpr double pool_rate = 200;
constexpr std::chrono::milliseconds pool_hold{50};
constexpr unsigned busy_on_average = 10;  // rate times hold, by Little's law
constexpr std::array<unsigned, 6> pool_sizes{8, 10, 12, 16, 32, 64};
constexpr double as_good = 1.4;         // more than chance does to a p99 here, less than a lack of threads does
constexpr double a_few_to_spare = 1.6;  // times as many as are busy

std::string pool_experiment() {
  return nlohmann::json{
      {"name", "lesson"},
      {"targets",
       {{{"name", "pool"},
         {"server", {{"strategy", "fixed-pool"}}},
         {"sweep", {{"strategies.fixed-pool.threads", pool_sizes}}}}}},
      {"backend",
       {{"profile",
         {{"delay", {{"distribution", "exponential"}, {"mean", fmt::format("{}ms", pool_hold.count())}}},
          {"seed", 1}}}}},
      {"load", {{"rates", {pool_rate}}, {"duration", "3s"}, {"warmup", "300ms"}, {"timeout", "3s"}}},
      {"repeats", 1},
      {"retries", 0},
      {"quick", {{"load", {{"duration", "1500ms"}, {"warmup", "200ms"}}}}}}
      .dump();
}

constexpr std::array<LessonAnswer, 3> pool_answers{{
    {"fewer", "fewer than ten: most of the time they only wait"},
    {"about", "as many as are busy on average, and a few to spare"},
    {"many", "several times as many: each doubling lowers it"},
}};

std::optional<Seconds> erlang_p99(unsigned threads) {
  const PoolQueue queue(pool_rate, pool_hold, threads);
  return queue.stable() ? std::optional(queue.response_quantile(0.99)) : std::nullopt;
}

std::string sizes_plot(const std::vector<SizedPool>& pools) {
  std::vector<Bar> bars;
  for (const SizedPool& pool : pools) {
    bars.push_back(
        {fmt::format("{:2} threads", pool.threads), reading_of_time(pool.p99).value_or(Reading{0, "not measured"})});
    bars.push_back({"  Erlang-C", reading_of_time(pool.expected).value_or(Reading{0, "grows on"})});
  }
  return "p99 by the size of the pool, and what Erlang-C expects:\n" + bars_text(bars);
}

std::string knee_sentences(const std::vector<SizedPool>& pools, unsigned knee) {
  std::string text = fmt::format(
      "Here a pool of {} threads was about as good as any, with a p99 of {} (with {} threads: {}; with {}: {}). ", knee,
      time_text(std::ranges::find(pools, knee, &SizedPool::threads)->p99), pools.front().threads,
      time_text(pools.front().p99), pools.back().threads, time_text(pools.back().p99));
  if (knee <= busy_on_average)
    return text +
           "By theory so few let a queue grow for as long as the load lasts: this run was too short to show it. ";
  if (knee > a_few_to_spare * busy_on_average)
    return text + "By theory 16 would have done: look at what else ran on this machine meanwhile. ";
  return text +
         "Arrivals come in bunches, so it takes some to spare; with those hardly a request queues, and what is left "
         "of the p99 is the wait for the backend. ";
}

std::string pool_sentences(const std::vector<SizedPool>& pools, const std::optional<double>& goetz) {
  const auto knee = knee_of(pools);
  std::string text = knee ? knee_sentences(pools, *knee) : "";
  if (goetz) {
    text += fmt::format(
        "Goetz's formula asks for {:.0f} threads. It answers another question: how many it takes to keep the CPU busy, "
        "whatever the load is.",
        *goetz);
  }
  return text;
}

/// By what the server's CPU was used for by a request.
std::optional<double> goetz_number(const Cell& cell, std::size_t cpus) {
  const auto cpu_us = median_of(cell, Metric::cpu);
  if (!cpu_us || *cpu_us <= 0) return std::nullopt;
  return goetz_threads(static_cast<double>(cpus), 1, pool_hold, Seconds(*cpu_us / 1e6));
}

LessonOutcome pools_told(const ExperimentResult& result) {
  const TargetCells cells(result);
  std::vector<SizedPool> pools;
  LessonOutcome outcome;
  outcome.figures.push_back({"threads busy on average", "count", count_reading(busy_on_average), {}, {}});
  for (const unsigned threads : pool_sizes) {
    const Cell& cell = cells[fmt::format("pool-{}", threads)];
    pools.push_back({.threads = threads, .p99 = median_time(cell, Metric::p99), .expected = erlang_p99(threads)});
    outcome.figures.push_back(figure_of_pool(pools.back()));
  }
  const auto goetz = goetz_number(cells["pool-16"], result.placement.server.size());
  if (goetz) outcome.figures.push_back({"threads by Goetz's formula", "count", {}, count_reading(*goetz), {}});
  outcome.answer = answer_of_knee(pools, busy_on_average);
  outcome.trace = sizes_plot(pools);
  outcome.conclusion = pool_sentences(pools, goetz);
  outcome.missing = cells.troubles();
  return outcome;
}

Result<LessonOutcome> run_pool_sizing(const LessonSetting& setting) {
  const auto result = run_experiment_of(setting, pool_experiment());
  if (!result) return result.error();
  return pools_told(*result);
}

}  // namespace

LessonFigure figure_of_pool(const SizedPool& pool) {
  return {fmt::format("p99 of {} threads", pool.threads),
          "s",
          {},
          reading_of_time(pool.expected),
          reading_of_time(pool.p99)};
}

std::optional<unsigned> knee_of(std::span<const SizedPool> pools) {
  if (pools.empty() || !std::ranges::all_of(pools, [](const SizedPool& pool) { return pool.p99.has_value(); }))
    return std::nullopt;
  const Seconds lowest = *std::ranges::min_element(pools, {}, &SizedPool::p99)->p99;
  return std::ranges::find_if(pools, [&](const SizedPool& pool) { return *pool.p99 <= as_good * lowest; })->threads;
}

std::string answer_of_knee(std::span<const SizedPool> pools, unsigned busy) {
  const auto knee = knee_of(pools);
  if (!knee) return "";
  if (*knee < busy) return "fewer";
  return *knee <= a_few_to_spare * busy ? "about" : "many";
}

const Lesson pool_sizing_lesson{
    .name = "pool-sizing",
    .idea = "a pool needs some threads to spare",
    .takes = std::chrono::seconds(26),
    .introduction =
        "200 requests arrive each second, at random moments, and each keeps a thread of a pool for 50 ms on average, "
        "waiting for a backend. So ten threads are busy on average. Pools of 8 to 64 threads get the same arrivals and "
        "the same waits.",
    .question = "How many threads does it take for the p99 to be about as low as it can be?",
    .answers = pool_answers,
    .how_it_lies =
        "Sized by utilisation and judged by p99: at 100 % no thread is idle and every request queues. Or with a closed "
        "loop, whose clients wait for their answers and so never offer more than the pool can do.",
    .try_next = "waitlab-client lesson async-adds-no-capacity: what if the backend is the one that is too small.",
    .experiment = "pool-size",
    .run = run_pool_sizing,
};

}  // namespace waitlab::client
