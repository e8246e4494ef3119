#include "client/commands/plan_text.hpp"

#include "common/text/wrap.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

TEST(RoughTime, IsInTheUnitsThatAPersonWouldUse) {
  EXPECT_EQ(rough_time(0s), "0 s");
  EXPECT_EQ(rough_time(100ms), "1 s");
  EXPECT_EQ(rough_time(59s), "59 s");
  EXPECT_EQ(rough_time(90s), "1 min 30 s");
  EXPECT_EQ(rough_time(3600s), "1 h 0 min");
  EXPECT_EQ(rough_time(2h + 5min - 1s), "2 h 5 min");
}

Experiment sample() {
  return parse_experiment(R"({
    "name": "mine", "title": "Who waits best?",
    "targets": [
      {"name": "pool", "server": {"strategy": "fixed-pool"}, "sweep": {"strategies.fixed-pool.threads": [4, 8]}},
      {"name": "python", "command": ["python3", "a server.py", "{port}"]},
      {"name": "running", "url": "http://127.0.0.1:9/", "pid": 7}
    ],
    "backend": {"profile": {"concurrency": 8}},
    "load": {"connections": [1, 64], "duration": "2s", "warmup": "500ms"},
    "repeats": 2, "order": {"shuffled": false}
  })",
                          "mine.jsonc")
      .value();
}

TEST(PlanText, TellsAllThatIsGoingToHappen) {
  const Experiment experiment = sample();
  const std::string text = plan_text(experiment, plan_sessions(experiment));
  EXPECT_THAT(text, HasSubstr("Who waits best?\n"));
  EXPECT_THAT(text, HasSubstr("pool-4      waitlab-server --set strategy=fixed-pool --set"));
  EXPECT_THAT(text, HasSubstr("python      python3 'a server.py' '{port}', at http://127.0.0.1:{port}"));
  EXPECT_THAT(text, HasSubstr("running     http://127.0.0.1:9/, process 7"));
  EXPECT_THAT(text, HasSubstr("exponential, mean 50ms;\n              8 at once"));
  EXPECT_THAT(text, HasSubstr("levels      1 connection, 64 connections"));
  EXPECT_THAT(text, HasSubstr("repeat 2    pool-4, pool-8, python, running"));
  EXPECT_THAT(text, HasSubstr("That is 16 runs in 8 sessions, about 4"));
}

TEST(PlanText, FitsIntoEightyColumns) {
  const Experiment experiment = sample();
  std::istringstream lines(plan_text(experiment, plan_sessions(experiment)));
  for (std::string line; std::getline(lines, line);)
    EXPECT_LE(columns_of(line), terminal_columns) << line;
}

TEST(PlanText, TellsOnlyWhatIsLeftOfAnExperiment) {
  const Experiment experiment = sample();
  auto sessions = plan_sessions(experiment);
  sessions.erase(sessions.begin(), sessions.begin() + 7);
  const std::string text = plan_text(experiment, sessions);
  EXPECT_THAT(text, testing::Not(HasSubstr("repeat 1 ")));
  EXPECT_THAT(text, HasSubstr("repeat 2    running\n"));
  EXPECT_THAT(text, HasSubstr("That is 2 runs in 1 session, about"));
}

}  // namespace
}  // namespace waitlab::client
