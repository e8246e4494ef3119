#include "client/fleet/clock_offset.hpp"

#include <gtest/gtest.h>

namespace waitlab::client::fleet {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

constexpr ClockOffset::Time now = 1000s;

/// The remote clock is `truth` ahead; the question took `there`, the answer `back`.
void ask(ClockOffset& clock, nanoseconds truth, nanoseconds there, nanoseconds back) {
  clock.add(now, now + there + truth, now + there + back);
}

TEST(ClockOffset, IsFoundExactlyWhereBothWaysAreEquallyLong) {
  for (const nanoseconds truth : {nanoseconds(0s), nanoseconds(5h), nanoseconds(-999s)}) {
    ClockOffset clock;
    ask(clock, truth, 40us, 40us);
    EXPECT_EQ(clock.offset(), truth);
    EXPECT_EQ(clock.round_trip(), 80us);
    EXPECT_EQ(clock.uncertainty(), 40us);
  }
}

TEST(ClockOffset, IsNoFurtherFromTheTruthThanItSays) {
  constexpr nanoseconds truth = -123456789us;
  for (const nanoseconds there : {0us, 1us, 30us, 5000us}) {
    for (const nanoseconds back : {0us, 1us, 30us, 5000us}) {
      ClockOffset clock;
      ask(clock, truth, there, back);
      EXPECT_LE(clock.offset() - truth, clock.uncertainty());
      EXPECT_GE(clock.offset() - truth, -clock.uncertainty());
      EXPECT_EQ(clock.uncertainty(), (there + back) / 2) << "and no less exact than it is";
    }
  }
}

TEST(ClockOffset, IsThatOfTheSmallestRoundTripWheneverItCame) {
  ClockOffset clock;
  ask(clock, 1s, 900us, 100us);
  EXPECT_EQ(clock.offset(), 1s + 400us);
  ask(clock, 1s, 11us, 9us);
  EXPECT_EQ(clock.offset(), 1s + 1us);
  ask(clock, 1s, 5us, 3000us);
  EXPECT_EQ(clock.offset(), 1s + 1us);
  EXPECT_EQ(clock.round_trip(), 20us);
  EXPECT_EQ(clock.round_trips(), 3u);
}

TEST(ClockOffset, IsOfTheFirstAmongEqualRoundTrips) {
  ClockOffset clock;
  ask(clock, 1s, 10us, 10us);
  ask(clock, 2s, 10us, 10us);
  EXPECT_EQ(clock.offset(), 1s);
}

TEST(ClockOffset, PassesOverARoundTripThatEndsBeforeItBegan) {
  ClockOffset clock;
  clock.add(now, now, now - 1ns);
  EXPECT_EQ(clock.round_trips(), 0u);
  ask(clock, 3s, 10us, 10us);
  clock.add(now, now, now - 1ns);
  EXPECT_EQ(clock.round_trips(), 1u);
  EXPECT_EQ(clock.offset(), 3s);
}

TEST(ClockOffset, TellsWhatTheRemoteClockShows) {
  ClockOffset clock;
  ask(clock, -400s, 10us, 10us);
  EXPECT_EQ(clock.remote(now + 7s), now + 7s - 400s);
}

}  // namespace
}  // namespace waitlab::client::fleet
