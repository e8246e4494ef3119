#include "common/delay/recording.hpp"

#include "tests/support/temporary_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

namespace waitlab {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

const std::string header = "request_id,route,arrival_ns,drawn_ns,queued_ns,held_ns,outcome\n";

class RecordingTest : public testing::Test {
 protected:
  std::vector<std::chrono::nanoseconds> read(const std::string& text, const std::string& column = "held_ns") const {
    file_.write(text);
    auto delays = read_recording(file_.path(), column);
    EXPECT_TRUE(delays) << delays.error().message;
    return delays ? *delays : std::vector<std::chrono::nanoseconds>{};
  }

  std::string failure_of(const std::string& text) const {
    file_.write(text);
    const auto delays = read_recording(file_.path(), "held_ns");
    return delays ? "read" : delays.error().message;
  }

  const TemporaryFile file_{".txt"};
};

TEST_F(RecordingTest, HasADelayOnEachLineInTheirOrder) {
  EXPECT_THAT(read("50ms\n1.5s\n\n  7us \r\n0s"), ElementsAre(50ms, 1500ms, 7us, 0s));
}

TEST_F(RecordingTest, TakesAColumnOfAHoldLog) {
  const std::string log =
      header + "a,/wait,1,50000000,7,50010000,served\n" + "\"b,c\",/wait,2,60000000,0,60010000,served\n";
  EXPECT_THAT(read(log), ElementsAre(50'010us, 60'010us));
  EXPECT_THAT(read(log, "drawn_ns"), ElementsAre(50ms, 60ms));
}

TEST_F(RecordingTest, TakesOnlyHoldsThatWereServed) {
  EXPECT_THAT(read(header + "a,/wait,1,5,0,0,rejected\nb,/wait,1,5,0,4,aborted\nc,/wait,1,5,0,6,served\n"),
              ElementsAre(6ns));
}

TEST_F(RecordingTest, NamesTheLineThatIsWrong) {
  EXPECT_THAT(failure_of("50ms\n50\n"), HasSubstr(file_.path() + ":2: \"50\" has no unit"));
  EXPECT_THAT(failure_of("a,b\n"), HasSubstr(file_.path() + ":1: has no column held_ns"));
  EXPECT_THAT(failure_of(header + "a,/wait,1,5\n"), HasSubstr(":2: has 4 values for 7 columns"));
  for (const char* wrong : {"", "-1", "1.5", "5ms", "99999999999999999999"})
    EXPECT_THAT(failure_of(header + "a,/wait,1,5,0," + wrong + ",served\n"), HasSubstr(":2: held_ns is \""));
}

TEST_F(RecordingTest, SaysThatThereIsNoDelay) {
  for (const std::string& empty : {std::string(), std::string("\n\n"), header, header + "a,/wait,1,5,0,0,rejected\n"})
    EXPECT_THAT(failure_of(empty), HasSubstr("holds no delay")) << empty;
}

TEST_F(RecordingTest, SaysWhichFileItCannotRead) {
  const auto missing = read_recording("/nowhere/holds.csv", "held_ns");
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().message, HasSubstr("/nowhere/holds.csv cannot be opened: No such file"));
  for (const char* other : {"/tmp", "/dev/zero"}) {
    const auto wrong = read_recording(other, "held_ns");
    ASSERT_FALSE(wrong);
    EXPECT_THAT(wrong.error().message, HasSubstr(std::string(other) + " is no file"));
  }
}

}  // namespace
}  // namespace waitlab
