#include "client/lessons/race.hpp"

#include "client/experiment/server_status.hpp"
#include "client/explorer/exploration.hpp"
#include "client/explorer/programs.hpp"
#include "client/explorer/schedule_text.hpp"
#include "client/lessons/explored.hpp"
#include "client/lessons/lesson_server.hpp"
#include "client/lessons/lessons.hpp"
#include "client/lessons/measure.hpp"
#include "client/stats/time_text.hpp"
#include "common/process/machine.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <stop_token>
#include <system_error>
#include <utility>

namespace waitlab::client {
namespace {

using explorer::Addition;

constexpr double worth_telling = 0.001;  ///< share lost
constexpr std::uint64_t increments_of_a_thread = 200'000'000;
constexpr std::uint64_t increments_of_a_short_thread = 1'000;
constexpr unsigned increments_explored = 5;
constexpr std::uint64_t times_of_a_request = 100'000;
/// In which an addition to each of the numbers one by one could not be done: 10 of them in a nanosecond.
constexpr double fastest_increments_per_ns = 10;

constexpr std::array<LessonAnswer, 3> race_answers{{
    {"neither", "in neither: a load and a store take a nanosecond, so they hardly ever meet"},
    {"two", "only on two CPUs: on one CPU the threads take turns"},
    {"both", "on two CPUs and on one"},
}};

bool loses(double share) {
  return share > worth_telling;
}

/// What the counter ended at: its only variable.
double counter_of(const explorer::Outcome& outcome) {
  return std::stod(outcome.text.substr(outcome.text.find("= ") + 2));
}

void add_explored(std::vector<LessonFigure>& figures) {
  figures.push_back(figure_of_wrong("interleavings that lose an update", explorer::lost_update({})));
  figures.push_back(
      figure_of_wrong("check, then act: two on one seat", explorer::check_then_act(explorer::Guard::none)));
  const auto five = explorer::explore_all(
      explorer::lost_update({.threads = 2, .increments = increments_explored}, Addition::in_register));
  double least = 0;
  double most = 0;
  double mean = 0;
  double right = 0;
  for (const explorer::OutcomeTally& tally : five.outcomes) {
    const double counter = counter_of(tally.outcome);
    least = least == 0 ? counter : std::min(least, counter);
    most = std::max(most, counter);
    mean += counter * tally.likelihood;
    if (tally.outcome.right) right += tally.schedules;
  }
  figures.push_back({fmt::format("{} increments each: the counter", increments_explored),
                     "count",
                     Reading{least, fmt::format("{:.0f} to {:.0f}", least, most)},
                     Reading{mean, fmt::format("{:.1f} on average", mean)},
                     {}});
  figures.push_back({"the same, without a loss",
                     "share",
                     share_of(right, five.schedules()),
                     share_reading(1 - five.wrong_likelihood()),
                     {}});
}

void add_measured(std::vector<LessonFigure>& figures, const std::string& name, std::optional<double> lost,
                  std::optional<Reading> possible) {
  if (lost) figures.push_back({name, "share", std::move(possible), {}, share_reading(*lost)});
}

std::string threads_text(const Raced& raced) {
  const std::string answer = race_answer(raced);
  if (answer == "both") {
    return fmt::format(
        "Two threads lost {:.2g} % of their updates on two CPUs and {:.2g} % on one. One CPU is no protection, though "
        "the folklore says so: whoever is interrupted between its load and its store writes an old number when its "
        "turn comes again, and all that the other has added meanwhile is gone.",
        *raced.two_cpus * 100, *raced.one_cpu * 100);
  }
  if (answer == "two") {
    return fmt::format(
        "Two threads lost {:.2g} % of their updates on two CPUs, and {:.2g} % on one, where a thread is rarely "
        "interrupted just between its load and its store. Rarely is not never.",
        *raced.two_cpus * 100, *raced.one_cpu * 100);
  }
  if (!raced.two_cpus && raced.one_cpu && loses(*raced.one_cpu)) {
    return fmt::format(
        "Two threads lost {:.2g} % of their updates on one CPU: whoever is interrupted between its load and its store "
        "undoes, when its turn comes again, all that the other has added meanwhile.",
        *raced.one_cpu * 100);
  }
  if (answer == "neither")
    return "Here hardly an update was lost, though schedules that lose one are possible: luck, which another machine "
           "or a busier day does not have.";
  return "";
}

std::string brief_text(const Raced& raced) {
  if (!raced.briefly || loses(*raced.briefly)) return "";
  return fmt::format(
      "With {} increments each nothing of note is lost, as one thread is done before the other gets the CPU: a short "
      "test shows nothing.",
      count_reading(static_cast<double>(raced.each_briefly)).text);
}

std::string plain_text(const Raced& raced) {
  if (!raced.plain) return "";
  const auto one_by_one = static_cast<double>(raced.each) / fastest_increments_per_ns;
  if (static_cast<double>(raced.plain->loop.count()) > one_by_one) {
    return fmt::format(
        "A plain integer lost {:.2g} %: it is loaded and stored as often as the loop says, as this build is not "
        "optimised or its compiler kept the loop.",
        raced.plain->lost * 100);
  }
  return fmt::format(
      "A plain integer lost {:.2g} %, and its loop took {}: the compiler may assume that no other thread touches the "
      "number, and has made a single addition of all {}. Its race is still undefined behaviour.",
      raced.plain->lost * 100, short_time(raced.plain->loop), count_reading(static_cast<double>(raced.each)).text);
}

std::string list_of(const std::vector<std::string>& names) {
  return fmt::format("{}", fmt::join(names, " and "));
}

std::string server_text(const Raced& raced) {
  std::vector<std::string> losing;
  std::vector<std::string> lucky;
  std::vector<std::string> safe;
  for (const ServerRace& server : raced.servers)
    (server.lost > 0 ? losing : server.workers > 1 ? lucky : safe).push_back(server.strategy);
  std::vector<std::string> parts;
  if (!losing.empty()) parts.push_back(fmt::format("The server's counter lost updates under {}.", list_of(losing)));
  if (!lucky.empty())
    parts.push_back(
        fmt::format("Under {} the counter lost none, though several threads count there: luck.", list_of(lucky)));
  if (!safe.empty()) {
    parts.push_back(fmt::format(
        "Under {} one thread does everything, and waits for nothing between the load and the store: nobody can "
        "come between, and nothing was lost.",
        list_of(safe)));
  }
  return fmt::format("{}", fmt::join(parts, " "));
}

/// Of all increments of all trials: on one CPU a few interruptions lose much, and a trial may be without any. Once
/// `stop` was asked there is no other trial.
double lost_of_trials(const std::vector<int>& cpus, unsigned trials, std::uint64_t each, const std::stop_token& stop) {
  double lost = 0;
  unsigned made = 0;
  do {
    lost += count_with_load_and_store(each, cpus).lost;
    ++made;
  } while (made < trials && !stop.stop_requested());
  return lost / made;
}

void race_threads(const LessonSetting& setting, Raced& raced) {
  const std::vector<int> cpus = usable_cpus();
  const std::vector<int> one{cpus.front()};
  const unsigned trials = setting.quick ? 3 : 7;
  if (cpus.size() >= 2) {
    const std::vector<int> two(cpus.begin(), cpus.begin() + 2);
    setting.on_step("two threads that count, on two CPUs");
    raced.two_cpus = lost_of_trials(two, trials, raced.each, setting.stop);
    if (setting.stop.stop_requested()) return;
    raced.plain = count_with_plain_integer(raced.each, two);
  } else {
    raced.missing.emplace_back("there is one CPU to run on, so nothing could be raced on two.");
  }
  if (setting.stop.stop_requested()) return;
  setting.on_step("the same, on one CPU");
  raced.one_cpu = lost_of_trials(one, trials, raced.each, setting.stop);
  if (setting.stop.stop_requested()) return;
  raced.briefly = lost_of_trials(one, trials, raced.each_briefly, setting.stop);
}

Result<ServerRace> race_in_server(const LessonSetting& setting, const std::string& strategy) {
  setting.on_step("the server's counter under " + strategy);
  const LessonFolder logs;
  // Of a shared queue one loop might take all connections.
  auto server = start_lesson_server(
      setting, logs.path(),
      {"strategy=" + strategy, "backend.mode=timer", "strategies.event-loop-per-core.accept=reuse-port"});
  if (!server) return server.error();
  const auto count_up = post_of(fmt::format("/counter?sync=none&times={}", times_of_a_request));
  const auto sent = send_requests(setting, *server, {count_up}, setting.quick ? 1'500 : 4'000);
  if (!sent) return sent.error();
  const auto told = ask_json(server->address(0), "/counter");
  if (!told) return told.error();
  const auto status = ask_status(server->address(1));
  if (!status) return status.error();
  const auto number = [&](const char* key) { return told->at("none").at(key).get<double>(); };
  return ServerRace{.strategy = strategy,
                    .workers = status->facts ? status->facts->workers : 1,
                    .lost = number("lost") / number("asked")};
}

Result<LessonOutcome> run_race(const LessonSetting& setting) {
  Raced raced{.each = increments_of_a_thread, .each_briefly = increments_of_a_short_thread};
  try {
    race_threads(setting, raced);
  } catch (const std::system_error& error) {
    raced.missing.push_back(fmt::format("no thread could be had: {}.", error.what()));
  }
  for (const char* const strategy : {"event-loop", "event-loop-per-core", "fixed-pool"}) {
    if (setting.stop.stop_requested()) break;
    auto server = race_in_server(setting, strategy);
    if (server) raced.servers.push_back(std::move(*server));
    if (!server) raced.missing.push_back(fmt::format("the counter under {}: {}.", strategy, server.error().message));
  }
  return race_outcome(raced);
}

explorer::Program race_program() {
  return explorer::lost_update({});
}

}  // namespace

std::string race_answer(const Raced& raced) {
  if (!raced.two_cpus || !raced.one_cpu) return "";
  if (loses(*raced.two_cpus)) return loses(*raced.one_cpu) ? "both" : "two";
  return loses(*raced.one_cpu) ? "" : "neither";
}

LessonOutcome race_outcome(const Raced& raced) {
  const auto each = static_cast<double>(raced.each);
  const auto lost_at_most = [](double increments) { return Reading{1 - 1 / increments, "all but 2"}; };
  const std::string long_run = fmt::format("{} million each, ", raced.each / 1'000'000);
  LessonOutcome outcome;
  add_explored(outcome.figures);
  add_measured(outcome.figures, long_run + "2 CPUs: lost", raced.two_cpus, lost_at_most(each));
  add_measured(outcome.figures, long_run + "1 CPU: lost", raced.one_cpu, lost_at_most(each));
  add_measured(outcome.figures, count_reading(static_cast<double>(raced.each_briefly)).text + " each, 1 CPU: lost",
               raced.briefly, lost_at_most(static_cast<double>(raced.each_briefly)));
  if (raced.plain) add_measured(outcome.figures, "plain integer, 2 CPUs: lost", raced.plain->lost, {});
  for (const ServerRace& server : raced.servers)
    add_measured(outcome.figures, fmt::format("server, {}: lost", server.strategy), server.lost, {});
  outcome.answer = race_answer(raced);
  outcome.trace = explorer::run_text(explorer::replay(race_program(), "001011").value());
  outcome.conclusion = told_together({threads_text(raced), brief_text(raced), plain_text(raced), server_text(raced)});
  outcome.missing = raced.missing;
  return outcome;
}

const Lesson race_lesson{
    .name = "race",
    .idea = "an update in two steps can be lost",
    .takes = std::chrono::seconds(12),
    .introduction =
        "++counter is a load, an addition and a store. If another thread stores in between, its update is lost. Two "
        "threads here add 1 to the same counter 200 million times each, by an atomic load and an atomic store, first "
        "on two CPUs, then both on one.",
    .question = "Where do they lose more than one update in a thousand?",
    .answers = race_answers,
    .how_it_lies =
        "A plain integer is folded to one addition by an optimising compiler, and loses nothing. An atomic load and an "
        "atomic store look safe, and are not. A short loop is over before the other thread begins. And an event loop "
        "is safe only while it waits for nothing between the load and the store.",
    .try_next = "waitlab-client lesson race --you: lose an update yourself.",
    .experiment = {},
    .run = run_race,
    .program = race_program,
};

}  // namespace waitlab::client
