#include "client/experiment/program.hpp"

#include "tests/support/temporary_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

namespace waitlab::client {
namespace {

using testing::HasSubstr;

std::string last_words_of(const std::string& text) {
  const TemporaryFile log(".log");
  log.write(text);
  return last_words(log.path());
}

TEST(LastWords, AreTheLastLineThatIsNotBlank) {
  EXPECT_EQ(last_words_of("first\nsecond"), "second");
  EXPECT_EQ(last_words_of("first\nsecond\r\n\n \n"), "second");
  EXPECT_EQ(last_words_of("  indented\n"), "  indented");
  EXPECT_EQ(last_words_of(""), "");
  EXPECT_EQ(last_words_of("\n \n"), "");
  EXPECT_EQ(last_words("/nonexistent/log"), "");
}

TEST(LastWords, AreTextWhateverTheLineHolds) {
  EXPECT_EQ(last_words_of("gr\xc3\xbc\xc3\x9f dich \xff!"), "grüß dich \ufffd!");
  EXPECT_EQ(last_words_of("red \x1b[31m and\rback \xc2\x9b"
                          "1m\x7f."),
            "red  [31m and back  1m .");
  EXPECT_EQ(last_words_of(std::string("a\0b", 3)), "a b");
}

TEST(LastWords, OfALongLineAreItsBeginningAsFarAsItIsKnown) {
  std::string most;
  for (int character = 0; character < 300; ++character)
    most += "ü";
  EXPECT_EQ(last_words_of(most), most);
  EXPECT_EQ(last_words_of(most + "x"), most + "…");
  EXPECT_EQ(last_words_of(std::string(3'000'000, 'x')), std::string(300, 'x') + "…");
}

Program::Options script(const std::string& text) {
  // Each test is a process of its own, and several run at once.
  static const TemporaryFile log(".log");
  return {.name = "fake",
          .command = {"/bin/sh", "-c", text},
          .cpus = {},
          .log = log.path(),
          .prefixes = {"listening on", "admin on"}};
}

TEST(Program, TellsItsAddressesOnceItListens) {
  auto program = Program::start(
      script("echo starting; echo listening on 127.0.0.1:1 '(x)'; echo admin on 127.0.0.1:2; exec sleep 1000"), {});
  ASSERT_TRUE(program) << program.error().message;
  EXPECT_EQ(program->address(0), "127.0.0.1:1");
  EXPECT_EQ(program->address(1), "127.0.0.1:2");
  EXPECT_FALSE(program->ended());
}

TEST(Program, AnEarlyEndQuotesItsLastWords) {
  const auto program = Program::start(script("echo first >&2; echo port 80 is taken >&2; exit 1"), {});
  ASSERT_FALSE(program);
  EXPECT_EQ(program.error().message, "fake ended with exit code 1: port 80 is taken");
}

TEST(Program, AnEndAfterTheFirstLineIsAFailureToo) {
  const auto program = Program::start(script("echo listening on 127.0.0.1:1; kill -TERM $$"), {});
  ASSERT_FALSE(program);
  EXPECT_THAT(program.error().message, HasSubstr("fake ended by signal 15"));
}

TEST(Program, WhoIsKilledHasNoLastWords) {
  const auto program = Program::start(script("echo ready for anything >&2; kill -KILL $$"), {});
  ASSERT_FALSE(program);
  EXPECT_EQ(program.error().message, "fake ended by signal 9");
}

TEST(Program, AStopRequestEndsTheWait) {
  std::stop_source stop;
  stop.request_stop();
  const auto program = Program::start(script("exec sleep 1000"), stop.get_token());
  ASSERT_FALSE(program);
  EXPECT_THAT(program.error().message, HasSubstr("interrupted"));
}

TEST(Program, StopTellsAnEndThatWasNotClean) {
  auto clean = Program::start(
      script("trap 'exit 0' TERM; echo listening on 127.0.0.1:1; echo admin on 127.0.0.1:2; while :; do wait; done"),
      {});
  ASSERT_TRUE(clean);
  EXPECT_TRUE(clean->stop());
  auto crash = Program::start(script("trap 'kill -ABRT $$' TERM; echo listening on 127.0.0.1:1; echo admin on "
                                     "127.0.0.1:2; while :; do wait; done"),
                              {});
  ASSERT_TRUE(crash);
  const auto stopped = crash->stop();
  ASSERT_FALSE(stopped);
  EXPECT_THAT(stopped.error().message, HasSubstr("fake ended by signal 6"));
}

}  // namespace
}  // namespace waitlab::client
