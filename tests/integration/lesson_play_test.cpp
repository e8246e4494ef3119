#include "common/net/file_descriptor.hpp"
#include "tests/integration/client_program.hpp"
#include "tests/support/patience.hpp"
#include "tests/support/temporary_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <pty.h>
#include <unistd.h>
#include <algorithm>
#include <stdexcept>
#include <string>

namespace waitlab {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

/// A terminal whose keyboard is ours.
class Keyboard {
 public:
  Keyboard() {
    int ours = -1;
    int theirs = -1;
    if (::openpty(&ours, &theirs, nullptr, nullptr, nullptr) != 0) throw std::runtime_error("there are no terminals");
    keys_ = FileDescriptor(ours);
    terminal_ = FileDescriptor(theirs);
  }

  int terminal() const { return terminal_.get(); }
  void type(const std::string& keys) const {
    if (::write(keys_.get(), keys.data(), keys.size()) < 0) throw std::runtime_error("nothing can be typed");
  }

 private:
  FileDescriptor keys_;
  FileDescriptor terminal_;
};

TEST(LessonPlayCommand, LetsWhoeverSitsAtATerminalLoseAnUpdate) {
  const Keyboard keyboard;
  ChildProcess client = ChildProcess::start({.command = {WAITLAB_BIN_DIR "/waitlab-client", "lesson", "race", "--you"},
                                             .stdin_descriptor = keyboard.terminal()})
                            .value();
  for (const char* const key : {"0\n", "0\n", "u\n", "0\n", "1\n", "0\n", "1\n", "1\n"})
    keyboard.type(key);
  const Outcome outcome = finish(client);
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(outcome.output, HasSubstr("18 of 20 schedules end like this one"));
  EXPECT_THAT(outcome.output, HasSubstr("Again: waitlab-client lesson race --replay 001011\n"));
}

TEST(LessonPlayCommand, EndsWithWhatIsTyped) {
  ChildProcess client = start_client({"lesson", "deadlock", "--you"});
  const Outcome outcome = finish(client);
  EXPECT_EQ(outcome.exit_code, 0) << "with /dev/null as its stdin";
  EXPECT_THAT(outcome.output, HasSubstr("not over: 0 1 can run\n"));
}

TEST(LessonPlayCommand, ShowsTheRunOfASchedule) {
  const Outcome outcome = run_client({"lesson", "deadlock", "--replay", "01"});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(outcome.output, HasSubstr("deadlock: thread 0 holds a, waits for b; thread 1 holds b, waits for a"));
}

TEST(LessonPlayCommand, RefusesWhatCannotBeScheduledInALine) {
  const Outcome bad = run_client({"lesson", "race", "--replay", "0000"});
  EXPECT_EQ(bad.exit_code, 2);
  EXPECT_THAT(bad.output, IsEmpty());
  EXPECT_THAT(bad.errors, HasSubstr("place 4: thread 0 cannot run: it has finished"));
  EXPECT_EQ(std::ranges::count(bad.errors, '\n'), 1);
  const Outcome none = run_client({"lesson", "waiting", "--you"});
  EXPECT_EQ(none.exit_code, 2);
  EXPECT_THAT(none.errors, HasSubstr("lesson waiting has no program to schedule; these have one: "));
  EXPECT_THAT(none.errors, HasSubstr("race"));
  EXPECT_EQ(run_client({"lesson", "race", "--you", "--quick"}).exit_code, 2);
  EXPECT_EQ(run_client({"lesson", "--you"}).exit_code, 2);
}

}  // namespace
}  // namespace waitlab
