#include "client/format/result_json.hpp"
#include "client/report/experiment_json.hpp"
#include "common/process/child_process.hpp"
#include "tests/support/patience.hpp"
#include "tests/support/schema.hpp"
#include "tests/support/temporary_file.hpp"
#include "tests/unit/client/check/simulated_run.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

std::int64_t ns(UnixTime moment) {
  return std::chrono::nanoseconds(moment.time_since_epoch()).count();
}

std::string server_log_of(const CheckSubject& subject) {
  std::string text = "request_id,route,enqueued_ns,started_ns,ended_ns,queued_ns,backend_ns,status,strategy\n";
  for (const LoggedRequest& request : *subject.server_log) {
    text += fmt::format("{},/wait,{},{},{},0,0,{},{}\n", request.request_id, ns(request.enqueued), ns(*request.started),
                        ns(request.ended), request.status, request.strategy);
  }
  return text;
}

std::string hold_log_of(const CheckSubject& subject) {
  std::string text = "request_id,route,arrival_ns,drawn_ns,queued_ns,held_ns,outcome\n";
  for (const Hold& hold : *subject.hold_log) {
    text += fmt::format("{},/wait,{},{},{},{},served\n", hold.request_id, ns(hold.arrival), hold.held.count(),
                        hold.queued.count(), hold.held.count());
  }
  return text;
}

/// The files of a simulated run, and the real program that checks them.
class CheckCommand : public testing::Test {
 protected:
  /// The exit code.
  int check(const SimulatedRun& run) const {
    const CheckSubject subject = subject_of(run);
    result_.write(to_json(subject.load).dump());
    server_log_.write(server_log_of(subject));
    hold_log_.write(hold_log_of(subject));
    return run_program(command(run.said));
  }

  std::string command(unsigned threads) const {
    return fmt::format("{}/waitlab-client check {} --threads {} --server-log {} --backend-log {} --json {}",
                       WAITLAB_BIN_DIR, result_.path(), threads, server_log_.path(), hold_log_.path(), found_.path());
  }

  int run_program(const std::string& command) const {
    auto shell = ChildProcess::start({.command = {"sh", "-c", command + " 2>" + errors_.path()}}).value();
    while (shell.read_line(patience)) {
    }
    return shell.wait(patience).value_or(-1);
  }

  /// By the law, of the first of its figures that was judged.
  std::string verdict_of(const std::string& law) const {
    const auto found = nlohmann::json::parse(found_.text());
    std::string verdict = "not judged";
    for (const auto& finding : found["checks"][0]["findings"]) {
      if (finding["law"] == law && verdict != "differs" && finding["verdict"] != "not judged")
        verdict = finding["verdict"];
    }
    return verdict;
  }

  TemporaryFile result_{".json"};
  TemporaryFile server_log_{".csv"};
  TemporaryFile hold_log_{".csv"};
  TemporaryFile found_{".json"};
  TemporaryFile errors_{".txt"};
};

TEST_F(CheckCommand, ExitsGoodForAnIdealPool) {
  EXPECT_EQ(check({}), 0) << errors_.text();
  for (const char* law : {"Little", "replay", "Erlang-C"})
    EXPECT_EQ(verdict_of(law), "agrees") << law;
}

TEST_F(CheckCommand, WritesJsonThatItsSchemaAccepts) {
  ASSERT_EQ(check({}), 0);
  EXPECT_TRUE(fits_schema(found_.path(), "check.schema.json"));
}

TEST_F(CheckCommand, WritesItsJsonAlsoWhereNobodyReadsItsText) {
  ASSERT_EQ(check({}), 0);
  const std::string before = found_.text();
  found_.write("old");
  EXPECT_EQ(run_program(command(8) + " >/dev/full"), 1);
  EXPECT_EQ(found_.text(), before);
}

struct Control {
  const char* name;
  SimulatedRun run;
};

class FailingControl : public CheckCommand, public testing::WithParamInterface<Control> {};

INSTANTIATE_TEST_SUITE_P(Controls, FailingControl,
                         testing::Values(Control{"eight_said_to_be_six", {.said = 6}},
                                         Control{"eight_said_to_be_seven", {.said = 7}},
                                         Control{"eight_said_to_be_nine", {.said = 9}},
                                         Control{"seven_said_to_be_eight", {.threads = 7}},
                                         Control{"nine_said_to_be_eight", {.threads = 9}},
                                         Control{"eight_queues", {.threads = 1, .queues = 8}}),
                         [](const auto& control) { return control.param.name; });

TEST_P(FailingControl, IsToldByTheExitCode) {
  EXPECT_EQ(check(GetParam().run), 4) << errors_.text();
  EXPECT_EQ(verdict_of("replay"), "differs");
  EXPECT_EQ(verdict_of("Little"), "agrees");
}

TEST_F(CheckCommand, RefusesAMissingLogAndJudgesNothingByAnEmptyOne) {
  ASSERT_EQ(check({.requests = 1'000}), 0);
  server_log_.write("request_id,route,enqueued_ns,started_ns,ended_ns,queued_ns,backend_ns,status,strategy\n");
  EXPECT_EQ(run_program(command(8)), 3);
  EXPECT_EQ(run_program(command(8) + " --server-log /nonexistent"), 2);
}

TEST_F(CheckCommand, LetsTheServerSayWhichStrategiesThereAre) {
  ASSERT_EQ(check({.requests = 1'000}), 0);
  EXPECT_EQ(run_program(command(8) + " --strategy thread-per-request"), 0) << "the log says better";
  EXPECT_EQ(run_program(command(8) + " --strategy fixd-pool"), 2);
  EXPECT_THAT(errors_.text(), testing::AllOf(HasSubstr("--strategy"), HasSubstr("did you mean \"fixed-pool\"?")));
  EXPECT_EQ(std::ranges::count(errors_.text(), '\n'), 1);
}

TEST_F(CheckCommand, HoldsALoopToOtherLaws) {
  EXPECT_EQ(check({.threads = 0, .strategy = "event-loop"}), 0) << errors_.text();
  EXPECT_EQ(verdict_of("M/G/inf"), "agrees");
  EXPECT_EQ(verdict_of("Erlang-C"), "not judged");
}

TEST_F(CheckCommand, JudgesByLittleAloneWhereTheServerDoesNotKnowTheStrategyOfALog) {
  EXPECT_EQ(check({.strategy = "tortoise"}), 0) << errors_.text();
  EXPECT_EQ(verdict_of("Little"), "agrees");
  EXPECT_THAT(found_.text(), HasSubstr("What strategy tortoise is cannot be told"));
}

TEST_F(CheckCommand, SaysThatAnExperimentHasNoRuns) {
  result_.write(experiment_json({}, {}, {}).dump());
  EXPECT_EQ(run_program(fmt::format("{}/waitlab-client check {} | grep 'no runs'", WAITLAB_BIN_DIR, result_.path())),
            0);
  EXPECT_EQ(run_program(fmt::format("{}/waitlab-client check {}", WAITLAB_BIN_DIR, result_.path())), 3);
}

}  // namespace
}  // namespace waitlab::client
