#include "common/net/wait_ready.hpp"

#include "common/net/file_descriptor.hpp"
#include "tests/support/long_past.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <poll.h>
#include <sys/time.h>
#include <unistd.h>
#include <array>
#include <csignal>
#include <cstdlib>

namespace waitlab {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr Clock::time_point never = Clock::time_point::max();

class WaitReady : public testing::Test {
 protected:
  WaitReady() {
    std::array<int, 2> ends{};
    EXPECT_EQ(::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK), 0);
    reads_ = FileDescriptor(ends[0]);
    writes_ = FileDescriptor(ends[1]);
  }

  void put_byte() const { EXPECT_EQ(::write(writes_.get(), "x", 1), 1); }

  FileDescriptor reads_;
  FileDescriptor writes_;
};

TEST_F(WaitReady, ReturnsAtOnceIfThereIsSomethingToRead) {
  put_byte();
  EXPECT_FALSE(wait_ready(reads_.get(), POLLIN, never));
}

TEST_F(WaitReady, WaitsForWhatItWasAskedFor) {
  EXPECT_FALSE(wait_ready(writes_.get(), POLLOUT, never));
  EXPECT_EQ(wait_ready(writes_.get(), POLLIN, long_past), std::errc::timed_out);
}

TEST_F(WaitReady, APassedDeadlineDoesNotHideWhatIsReady) {
  EXPECT_EQ(wait_ready(reads_.get(), POLLIN, long_past), std::errc::timed_out);
  put_byte();
  EXPECT_FALSE(wait_ready(reads_.get(), POLLIN, long_past));
}

TEST_F(WaitReady, NeverEndsBeforeTheDeadline) {
  const auto deadline = Clock::now() + 1'000'001ns;  // no whole number of milliseconds
  EXPECT_EQ(wait_ready(reads_.get(), POLLIN, deadline), std::errc::timed_out);
  EXPECT_GE(Clock::now(), deadline);
}

TEST_F(WaitReady, ADeadlineMayBeFurtherAwayThanPollCanWait) {
  put_byte();
  EXPECT_FALSE(wait_ready(reads_.get(), POLLIN, Clock::now() + 24h * 365));
  EXPECT_FALSE(wait_ready(reads_.get(), POLLIN, never - 1ns));
}

TEST_F(WaitReady, AHangUpIsReady) {
  writes_.reset();
  EXPECT_FALSE(wait_ready(reads_.get(), POLLIN, never));
}

volatile std::sig_atomic_t signals = 0;
int woken_descriptor = -1;

void write_at_third_signal(int) {
  signals = signals + 1;
  if (signals == 3 && ::write(woken_descriptor, "x", 1) != 1) std::abort();
}

TEST_F(WaitReady, ASignalDoesNotEndIt) {
  signals = 0;  // the test may run again in this process
  woken_descriptor = writes_.get();
  struct sigaction action {};
  struct sigaction before {};
  action.sa_handler = write_at_third_signal;
  ASSERT_EQ(::sigaction(SIGALRM, &action, &before), 0);
  const itimerval each_millisecond{.it_interval = {0, 1'000}, .it_value = {0, 1'000}};
  ::setitimer(ITIMER_REAL, &each_millisecond, nullptr);
  EXPECT_FALSE(wait_ready(reads_.get(), POLLIN, never));
  const itimerval off{};
  ::setitimer(ITIMER_REAL, &off, nullptr);
  ::sigaction(SIGALRM, &before, nullptr);
  EXPECT_GE(signals, 3);
}

}  // namespace
}  // namespace waitlab
