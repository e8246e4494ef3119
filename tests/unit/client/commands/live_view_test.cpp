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
using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

class LiveFrame : public testing::Test {
 protected:
  LiveFrame() {
    for (int i = 1; i <= 1000; ++i)
      times_.record(100us * i);
    progress_.phase = LoadProgress::Phase::measuring;
    progress_.elapsed = 12'500ms;
    progress_.planned = 50s;
    progress_.offered_rate = 400;
    progress_.completed = 4899;
    progress_.in_flight = 21;
    progress_.so_far = &times_;
    progress_.last_second = &times_;
    progress_.seconds = 12;
  }

  std::vector<std::string> draw(const Screen& screen) {
    history_.add(progress_);
    return live_frame(progress_, 398.4, history_, screen);
  }

  CensoredHistogram times_;
  LoadProgress progress_;
  LiveHistory history_;
};

TEST_F(LiveFrame, ShowsWhereTheRunStands) {
  progress_.seconds = 0;
  EXPECT_THAT(draw({}), ElementsAre("measuring ━━━━━━━━━━╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌  12.5 of 50 s",  //
                                    "Rate      398/s completed, 400/s offered",                          //
                                    "Requests  4899 completed, 21 in flight",                            //
                                    "Errors    0",                                                       //
                                    "Response  p50 50 ms, p90 90 ms, p99 99 ms, max 100 ms"));
}

TEST_F(LiveFrame, LeavesOutWhatIsNotKnown) {
  progress_ = {};
  progress_.elapsed = 1500ms;
  EXPECT_THAT(draw({}),
              ElementsAre("warm-up   1.5 s", "Rate      398/s completed", "Requests  0 completed, 0 in flight",
                          "Errors    0", "Response  nothing measured yet"));
}

TEST_F(LiveFrame, ShowsTheHistoryBeneath) {
  const auto lines = draw({});
  EXPECT_THAT(lines, SizeIs(14));
  EXPECT_EQ(lines[5], "");
  EXPECT_THAT(lines, Contains(StartsWith("Share of each second")));
}

TEST_F(LiveFrame, NeverIsWiderThanTheScreen) {
  progress_.completed = 123'456'789'012;
  progress_.errors = 123'456'789'012;
  for (std::size_t columns = 1; columns <= 100; ++columns) {
    for (const std::string& line : draw({.columns = columns, .rows = 50, .colour = columns % 2 == 0}))
      EXPECT_LE(visible_columns(line), columns) << line;
  }
}

TEST_F(LiveFrame, NeverIsHigherThanTheScreen) {
  for (std::size_t rows = 2; rows <= 30; ++rows)
    EXPECT_LT(draw({.columns = 80, .rows = rows}).size(), rows);
  EXPECT_THAT(draw({.columns = 80, .rows = 14}), SizeIs(5)) << "no room for the history";
  EXPECT_THAT(draw({.columns = 80, .rows = 15}), SizeIs(14));
}

TEST_F(LiveFrame, BreaksLinesOnANarrowScreen) {
  EXPECT_THAT(draw({.columns = 40, .rows = 24}), Contains("          ms, max 100 ms"));
}

TEST_F(LiveFrame, ColoursErrorsOnlyIfItMay) {
  progress_.errors = 7;
  EXPECT_THAT(draw({.colour = true}), Contains("\x1b[31mErrors    7\x1b[0m"));
  EXPECT_THAT(draw({.colour = false}), Each(Not(HasSubstr("\x1b"))));
}

TEST(VisibleColumns, CountsNoColours) {
  EXPECT_EQ(visible_columns("> 5 ms ▒█"), 9u);
  EXPECT_EQ(visible_columns("\x1b[33m▒\x1b[0m█\x1b[31m"), 2u);
}

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
