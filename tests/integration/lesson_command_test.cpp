#include "common/text/wrap.hpp"
#include "tests/integration/client_program.hpp"
#include "tests/support/patience.hpp"
#include "tests/support/schema.hpp"
#include "tests/support/temporary_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <csignal>
#include <sstream>
#include <string>

namespace waitlab {
namespace {

using nlohmann::json;
using testing::HasSubstr;

// What is found hangs on the machine; that all of it is told does not.
TEST(LessonCommand, TakesALessonAndTellsAClassOfIt) {
  const TemporaryFile file(".json");
  const Outcome outcome = run_client(
      {"lesson", "threads-and-processes", "--quick", "--predict", "dearer", "--seed", "7", "--json", file.path()});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
  EXPECT_THAT(outcome.output, HasSubstr("possible         likely           here\n"));
  EXPECT_THAT(outcome.output, HasSubstr("How such a demonstration lies: "));
  std::istringstream lines(outcome.output);
  for (std::string line; std::getline(lines, line);)
    EXPECT_LE(columns_of(line), terminal_columns) << line;
  EXPECT_TRUE(fits_schema(file.path(), "lesson.schema.json")) << file.text();
  const json taken = json::parse(file.text());
  EXPECT_EQ(taken["seed"], 7);
  EXPECT_EQ(taken["lessons"][0]["name"], "threads-and-processes");
  EXPECT_EQ(taken["lessons"][0]["prediction"], "dearer");
}

TEST(LessonCommand, EndsSoonAfterASignalAndKeepsWhatWasTaken) {
  const TemporaryFile file(".json");
  ChildProcess client = start_client({"lesson", "--all", "--reveal", "--json", file.path()});
  while (client.read_line(patience).value() != "To read:  docs/lessons/waiting.md") {
  }
  client.signal(SIGTERM);
  const Outcome outcome = finish(client);
  EXPECT_EQ(outcome.exit_code, 1);
  const json taken = json::parse(file.text());
  EXPECT_EQ(taken["interrupted"], true);
  EXPECT_EQ(taken["lessons"][0]["name"], "waiting");
}

TEST(LessonCommand, TellsWhatBecomesOfItsProgramUnderEverySchedule) {
  const Outcome outcome = run_client({"lesson", "race", "--explore"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
  EXPECT_THAT(outcome.output, HasSubstr("Wrong: 18 of 20 (90 %)"));
  EXPECT_THAT(outcome.output, HasSubstr("Not proved by this: "));
}

TEST(LessonCommand, RefusesWhatIsNoLessonAndWhatIsNoAnswer) {
  const Outcome lesson = run_client({"lesson", "wating"});
  EXPECT_EQ(lesson.exit_code, 2);
  EXPECT_THAT(lesson.errors, HasSubstr("did you mean 'waiting'?"));
  const Outcome answer = run_client({"lesson", "waiting", "--predict", "some"});
  EXPECT_EQ(answer.exit_code, 2);
  EXPECT_THAT(answer.errors, HasSubstr("they are none, threads, loop, both"));
}

}  // namespace
}  // namespace waitlab
