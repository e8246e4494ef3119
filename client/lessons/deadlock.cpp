#include "client/lessons/deadlock.hpp"

#include "client/explorer/exploration.hpp"
#include "client/explorer/programs.hpp"
#include "client/explorer/schedule_text.hpp"
#include "client/lessons/explored.hpp"
#include "client/lessons/lesson_server.hpp"
#include "client/lessons/lessons.hpp"
#include "client/lessons/measure.hpp"
#include "common/process/machine.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <array>
#include <chrono>
#include <system_error>
#include <utility>

namespace waitlab::client {
namespace {

using explorer::Manners;
using Kind = explorer::Outcome::Kind;

constexpr double seldom = 0.2;  ///< share of the rounds
constexpr unsigned philosophers = 5;
constexpr std::uint64_t polite_dinners = 20'000;

constexpr std::array<LessonAnswer, 3> deadlock_answers{{
    {"never", "in none: the moment between the two locks is too short"},
    {"sometimes", "in some, but in less than a fifth of them"},
    {"often", "in a fifth of them or more, as with a random scheduler"},
}};

double share_deadlocked(const Crossings& crossings) {
  return static_cast<double>(crossings.deadlocks) / static_cast<double>(crossings.rounds);
}

std::optional<Reading> crossings_reading(const std::optional<Crossings>& crossings) {
  if (!crossings || crossings->rounds == 0) return std::nullopt;
  return share_of(static_cast<double>(crossings->deadlocks), static_cast<double>(crossings->rounds));
}

void add_locks(std::vector<LessonFigure>& figures, const Deadlocked& seen) {
  LessonFigure crossed = figure_of_wrong("two locks, crossed", explorer::crossed_locks());
  crossed.here = crossings_reading(seen.crossed);
  figures.push_back(std::move(crossed));
  if (seen.crossed_on_one)
    figures.push_back({"the same on one CPU", "share", {}, {}, crossings_reading(seen.crossed_on_one)});
  LessonFigure ordered = figure_of_wrong("two locks, in one order", explorer::ordered_locks());
  ordered.here = crossings_reading(seen.ordered);
  figures.push_back(std::move(ordered));
}

void add_livelocks(std::vector<LessonFigure>& figures, std::uint64_t seed) {
  const auto backing_off = explorer::explore_all(explorer::backing_off_locks());
  figures.push_back({"back-off instead: livelock",
                     "share",
                     share_reading(backing_off.schedules(Kind::step_limit) / backing_off.schedules()),
                     share_reading(backing_off.likelihood(Kind::step_limit)),
                     {}});
  figures.push_back(figure_of_wrong(fmt::format("{} philosophers, left fork first", philosophers),
                                    explorer::dining_philosophers(philosophers, Manners::left_first)));
  figures.push_back(
      figure_of_wrong("the same, forks in one order", explorer::dining_philosophers(philosophers, Manners::ordered)));
  const auto polite =
      explorer::sample_random(explorer::dining_philosophers(3, Manners::put_back), seed, polite_dinners);
  figures.push_back(
      {"3 philosophers, put back: livelock", "share", {}, share_reading(polite.likelihood(Kind::step_limit)), {}});
}

void add_served(std::vector<LessonFigure>& figures, const Deadlocked& seen) {
  for (const TransferRace& run : seen.transfers) {
    figures.push_back({fmt::format("/transfer, {}: deadlocks", run.locking),
                       "share",
                       {},
                       {},
                       share_of(static_cast<double>(run.deadlocks), static_cast<double>(run.transfers))});
    if (run.retries > 0)
      figures.push_back({fmt::format("/transfer, {}: retries", run.locking),
                         "count",
                         {},
                         {},
                         count_reading(static_cast<double>(run.retries))});
  }
  if (seen.pools == 0) return;
  const auto pools = static_cast<double>(seen.pools);
  figures.push_back({"pool of 2 that waits on itself",
                     "share",
                     share_reading(1),
                     {},
                     share_of(static_cast<double>(seen.stuck_pools), pools)});
  figures.push_back({"the same with 3 workers",
                     "share",
                     share_reading(0),
                     {},
                     share_of(static_cast<double>(seen.stuck_larger), pools)});
}

/// "one round in 1,234"
std::string one_in(const Crossings& crossings) {
  const std::uint64_t rounds = crossings.rounds / crossings.deadlocks;
  return fmt::format("one round in {}", count_reading(static_cast<double>(rounds)).text);
}

std::string crossed_text(const Deadlocked& seen) {
  const std::string answer = deadlock_answer(seen);
  if (answer == "sometimes") {
    return fmt::format(
        "Two threads that took two locks in opposite orders came to a deadlock in {}, and nothing lay between "
        "the locks. A random scheduler does so in half of its runs, as it switches after each step; a real one lets a "
        "thread run on. So a test passes, and the program stops some day.",
        one_in(*seen.crossed));
  }
  if (answer == "often")
    return fmt::format(
        "Two threads that took two locks in opposite orders came to a deadlock in {} of the rounds here; under a "
        "random scheduler it is 50 %. Real threads usually do so far more rarely.",
        share_reading(share_deadlocked(*seen.crossed)).text);
  if (answer == "never")
    return "Here no round came to a deadlock, though two of six schedules do: luck, on which no program may rely.";
  return "";
}

std::string ordered_text(const Deadlocked& seen) {
  if (seen.ordered && seen.ordered->rounds > 0 && seen.ordered->deadlocks == 0)
    return "With one order for both there is no such schedule, and no deadlock was seen.";
  return "";
}

std::string transfers_text(const Deadlocked& seen) {
  std::vector<std::string> parts;
  for (const TransferRace& run : seen.transfers) {
    const std::string deadlocks = run.deadlocks == 0 ? "none" : count_reading(static_cast<double>(run.deadlocks)).text;
    parts.push_back(fmt::format(
        "{} with {} locks{}", deadlocks, run.locking,
        run.retries > 0 ? fmt::format(" ({} retries instead)", count_reading(static_cast<double>(run.retries)).text)
                        : ""));
  }
  return parts.empty() ? "" : fmt::format("The server counted its deadlocks: {}.", fmt::join(parts, ", "));
}

std::string pool_text(const Deadlocked& seen) {
  if (seen.pools == 0 || seen.stuck_pools == 0) return "";
  return fmt::format(
      "A pool needs no lock for a deadlock: when both workers wait for tasks that are queued behind them, nobody is "
      "left to do these, {} times of {}.",
      seen.stuck_pools, seen.pools);
}

void take_locks(const LessonSetting& setting, Deadlocked& seen) {
  const std::vector<int> cpus = usable_cpus();
  const std::uint64_t rounds = setting.quick ? 1'000'000 : 2'000'000;
  setting.on_step("two threads that take two locks in opposite orders");
  seen.crossed = cross_locks({.cpus = cpus, .rounds = rounds, .deadlocks = 1'000}, setting.stop);
  if (cpus.size() > 1)
    seen.crossed_on_one = cross_locks({.cpus = {cpus.front()}, .rounds = rounds, .deadlocks = 1'000}, setting.stop);
  setting.on_step("the same, in one order");
  seen.ordered = cross_locks({.ordered = true, .cpus = cpus, .rounds = rounds, .deadlocks = 1'000}, setting.stop);
  setting.on_step("pools whose tasks wait for tasks");
  const unsigned pools = setting.quick ? 50 : 200;
  seen.stuck_pools = wait_on_own_pool(2, pools, setting.stop);
  seen.stuck_larger = wait_on_own_pool(3, pools, setting.stop);
  if (!setting.stop.stop_requested()) seen.pools = pools;
}

/// What the server has counted so far.
Result<TransferRace> transfers_so_far(const Program& server) {
  const auto status = ask_json(server.address(1), "/status");
  if (!status) return status.error();
  const nlohmann::json& accounts = status->at("accounts");
  return TransferRace{.locking = {},
                      .deadlocks = accounts.at("deadlocks_total").get<std::uint64_t>(),
                      .retries = accounts.at("retries_total").get<std::uint64_t>()};
}

Result<TransferRace> race_transfers(const LessonSetting& setting, const Program& server, const std::string& locking) {
  setting.on_step(fmt::format("transfers with {} locks", locking));
  const auto transfer = [&](const char* accounts) {
    return post_of(fmt::format("/transfer?{}&locking={}&delay=2ms", accounts, locking));
  };
  const std::uint64_t number = setting.quick ? 200 : 600;
  const auto before = transfers_so_far(server);
  if (!before) return before.error();
  if (const auto sent = send_requests(setting, server, {transfer("from=a&to=b"), transfer("from=b&to=a")}, number);
      !sent)
    return sent.error();
  const auto after = transfers_so_far(server);
  if (!after) return after.error();
  return TransferRace{.locking = locking,
                      .transfers = number,
                      .deadlocks = after->deadlocks - before->deadlocks,
                      .retries = after->retries - before->retries};
}

Result<void> transfer_in_each_way(const LessonSetting& setting, Deadlocked& seen) {
  const LessonFolder logs;
  const auto server = start_lesson_server(setting, logs.path(), {"strategy=fixed-pool"});
  if (!server) return server.error();
  for (const char* const locking : {"unordered", "ordered", "try"}) {
    auto run = race_transfers(setting, *server, locking);
    if (!run) return run.error();
    seen.transfers.push_back(std::move(*run));
  }
  return {};
}

Result<LessonOutcome> run_deadlock(const LessonSetting& setting) {
  Deadlocked seen;
  try {
    take_locks(setting, seen);
  } catch (const std::system_error& error) {
    seen.missing.push_back(fmt::format("no thread could be had: {}.", error.what()));
  }
  if (!setting.stop.stop_requested()) {
    if (const auto transferred = transfer_in_each_way(setting, seen); !transferred)
      seen.missing.push_back(fmt::format("transfers: {}.", transferred.error().message));
  }
  setting.on_step("every schedule of the small programs");
  return deadlock_outcome(seen, setting.seed);
}

}  // namespace

std::string deadlock_answer(const Deadlocked& seen) {
  if (!seen.crossed || seen.crossed->rounds == 0) return "";
  if (seen.crossed->deadlocks == 0) return "never";
  return share_deadlocked(*seen.crossed) < seldom ? "sometimes" : "often";
}

LessonOutcome deadlock_outcome(const Deadlocked& seen, std::uint64_t seed) {
  LessonOutcome outcome;
  add_locks(outcome.figures, seen);
  add_livelocks(outcome.figures, seed);
  add_served(outcome.figures, seen);
  outcome.answer = deadlock_answer(seen);
  outcome.trace = explorer::run_text(explorer::replay(explorer::crossed_locks(), "01").value());
  outcome.conclusion = told_together({crossed_text(seen), ordered_text(seen), transfers_text(seen), pool_text(seen)});
  outcome.missing = seen.missing;
  return outcome;
}

const Lesson deadlock_lesson{
    .name = "deadlock",
    .idea = "locks taken crosswise wait for ever",
    .takes = std::chrono::seconds(15),
    .introduction =
        "A thread takes lock a and then b; another takes b and then a. If each has its first lock before either has "
        "its second, both wait for ever. Two threads do that here up to two million times, as fast as they can, "
        "without a pause between the locks; a deadlock is noticed, dissolved and counted.",
    .question = "In how many of the rounds do they come to a deadlock?",
    .answers = deadlock_answers,
    .how_it_lies =
        "A sleep between the two locks makes the deadlock certain, and says nothing of how rare it is without. A test "
        "that passes shows nothing, as it may have to run a million rounds. Tools that watch the order of locks also "
        "warn where a third lock around both makes a deadlock impossible. A livelock blocks nobody, so that no tool "
        "sees it: only work that does not get done.",
    .try_next = "waitlab-client lesson deadlock --you: make a deadlock, then avoid it.",
    .experiment = {},
    .run = run_deadlock,
    .program = explorer::crossed_locks,
};

}  // namespace waitlab::client
