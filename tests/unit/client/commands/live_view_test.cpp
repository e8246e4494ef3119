#include "client/commands/live_view.hpp"

#include "common/net/file_descriptor.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <pty.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <array>
#include <cstdlib>
#include <string>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr const char* drawn = "Requests  17 completed";
constexpr const char* line = "warm-up     1.0 s  17/s";

/// Makes stderr a terminal of its own while it lives.
class Terminal {
 public:
  Terminal() : stderr_before_(::dup(STDERR_FILENO)) {
    const winsize size{.ws_row = 24, .ws_col = 80, .ws_xpixel = 0, .ws_ypixel = 0};
    int ours = -1;
    int theirs = -1;
    if (::openpty(&ours, &theirs, nullptr, nullptr, &size) != 0) throw std::runtime_error("there are no terminals");
    screen_ = FileDescriptor(ours);
    ::dup2(theirs, STDERR_FILENO);
    ::close(theirs);
    ::setenv("TERM", "xterm", 1);
    ::unsetenv("NO_COLOR");
  }
  ~Terminal() { ::dup2(stderr_before_.get(), STDERR_FILENO); }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  /// All that was printed since the last call.
  std::string printed() {
    constexpr char end = '\a';
    std::string text;
    if (::write(STDERR_FILENO, &end, 1) != 1) return "the terminal cannot be written";
    for (char c = 0; ::read(screen_.get(), &c, 1) == 1 && c != end;)
      text += c;
    return text;
  }

 private:
  FileDescriptor stderr_before_;
  FileDescriptor screen_;
};

LoadProgress after_a_second() {
  LoadProgress progress;
  progress.elapsed = 1s;
  progress.completed = 17;
  progress.errors = 1;
  return progress;
}

TEST(LiveView, DrawsAPictureAndTakesItAway) {
  Terminal terminal;
  {
    LiveView view(true);
    view.show(after_a_second());
    EXPECT_THAT(terminal.printed(), HasSubstr(drawn));
  }
  EXPECT_EQ(terminal.printed(), "\x1b[5F\x1b[K\r\n\x1b[K\r\n\x1b[K\r\n\x1b[K\r\n\x1b[K\r\n\x1b[5F");
}

TEST(LiveView, DrawsAPictureOverTheLast) {
  Terminal terminal;
  LiveView view(true);
  view.show(after_a_second());
  EXPECT_THAT(terminal.printed(), Not(HasSubstr("\x1b[5F")));
  view.show(after_a_second());
  EXPECT_THAT(terminal.printed(), StartsWith("\x1b[5Fwarm-up"));
}

TEST(LiveView, GoesBackOverLinesThatANarrowerTerminalBroke) {
  Terminal terminal;
  LiveView view(true);
  view.show(after_a_second());
  terminal.printed();
  const winsize size{.ws_row = 24, .ws_col = 20, .ws_xpixel = 0, .ws_ypixel = 0};
  ::ioctl(STDERR_FILENO, TIOCSWINSZ, &size);
  view.show(after_a_second());
  EXPECT_THAT(terminal.printed(), StartsWith("\x1b[8F")) << "three of five lines had more than 20 characters";
}

TEST(LiveView, UsesColoursUnlessToldNotTo) {
  Terminal terminal;
  LiveView view(true);
  view.show(after_a_second());
  EXPECT_THAT(terminal.printed(), HasSubstr("\x1b[31mErrors"));
  ::setenv("NO_COLOR", "1", 1);
  view.show(after_a_second());
  EXPECT_THAT(terminal.printed(), Not(HasSubstr("\x1b[31m")));
}

TEST(LiveView, PrintsALineOnATerminalIfNotAllowedMore) {
  Terminal terminal;
  LiveView view(false);
  view.show(after_a_second());
  EXPECT_THAT(terminal.printed(), StartsWith(line));
}

TEST(LiveView, PrintsALineOnATerminalThatCannotMoveItsCursor) {
  Terminal terminal;
  ::setenv("TERM", "dumb", 1);
  LiveView view(true);
  view.show(after_a_second());
  EXPECT_THAT(terminal.printed(), StartsWith(line));
}

TEST(LiveView, PrintsALineASecondWhereThereIsNoTerminal) {
  testing::internal::CaptureStderr();
  {
    LiveView view(true);
    view.show(after_a_second());
    view.show(after_a_second());
  }
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "warm-up     1.0 s  17/s  0 in flight  1 errors\n");
}

}  // namespace
}  // namespace waitlab::client
