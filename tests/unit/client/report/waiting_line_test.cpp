#include "client/report/waiting_line.hpp"

#include "tests/unit/client/report/figures_of.hpp"

#include <gtest/gtest.h>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;

class Line : public testing::Test {
 protected:
  Line() {
    result_ = result_of({"it"}, {100});
    result_.backend = {"profile.delay.mean=20ms"};
  }

  ExperimentTarget& target() { return result_.targets[0]; }
  void be_pool(unsigned threads) {
    target().strategy = "fixed-pool";
    target().threads = threads;
  }
  std::optional<WaitingLine> line() { return waiting_line(result_, target()); }

  ExperimentResult result_;
};

TEST_F(Line, HasNoLimitWhereNothingHoldsAThread) {
  target().strategy = "event-loop";
  ASSERT_TRUE(line());
  EXPECT_FALSE(line()->servers);
  EXPECT_FALSE(line()->room);
  EXPECT_EQ(line()->hold, 20ms);
}

TEST_F(Line, HasAServerForEachThreadOfAPool) {
  be_pool(16);
  EXPECT_EQ(line()->servers, 16u);
  EXPECT_FALSE(line()->room);
}

TEST_F(Line, IsAsLongAsThePoolsQueue) {
  be_pool(16);
  target().settings = {"strategy=fixed-pool", "strategies.fixed-pool.queue_capacity=64"};
  EXPECT_EQ(line()->room, 64u);
}

TEST_F(Line, HasNoRoomWhereThreadsAreAllThereIs) {
  target().strategy = "thread-per-request";
  target().threads = 100;
  target().settings = {"strategies.thread-per-request.max_threads=100"};
  EXPECT_EQ(line()->servers, 100u);
  EXPECT_EQ(line()->room, 0u);
}

TEST_F(Line, IsLimitedByABackendWhateverTheStrategy) {
  result_.backend.push_back("profile.concurrency=8");
  target().strategy = "event-loop";
  EXPECT_EQ(line()->servers, 8u);
  be_pool(4);
  EXPECT_EQ(line()->servers, 4u);
  be_pool(16);
  target().settings = {"strategies.fixed-pool.queue_capacity=64"};
  EXPECT_EQ(line()->servers, 8u);
  EXPECT_EQ(line()->room, 72u) << "8 threads wait in the backend's queue";
}

TEST_F(Line, IsTheSameForATimerAsForABackend) {
  result_.backend.insert(result_.backend.begin(), "mode=timer");
  be_pool(16);
  ASSERT_TRUE(line());
  EXPECT_EQ(line()->servers, 16u);
}

TEST_F(Line, GoesByWhatTheTargetIsAskedForRatherThanTheLoad) {
  result_.load.path = "/cpu";
  target().strategy = "event-loop";
  EXPECT_FALSE(line());
  target().path = "/fanout?calls=7";
  EXPECT_EQ(line()->calls, 7u);
}

TEST_F(Line, CountsTheCallsOfAFanout) {
  target().strategy = "event-loop";
  for (const auto& [path, calls] :
       {std::pair("/wait", 1u), std::pair("/fanout", 5u), std::pair("/fanout?calls=10", 10u),
        std::pair("/fanout?mode=parallel&calls=3", 3u)}) {
    result_.load.path = path;
    ASSERT_TRUE(line()) << path;
    EXPECT_EQ(line()->calls, calls) << path;
  }
}

TEST_F(Line, IsUnknownWhereNoLawCoversIt) {
  target().strategy = "event-loop";
  for (const char* path : {"/plain", "/wait?delay=5ms", "/fanout?mode=sequential", "/fanout?calls=", "/mix", ""}) {
    result_.load.path = path;
    EXPECT_FALSE(line()) << path;
  }
  result_.load.path = "/wait";
  result_.load.arrivals = "constant";
  EXPECT_FALSE(line());
  result_.load.arrivals = "poisson";
  for (const char* setting : {"profile.delay.distribution=fixed", "profile.on_full=reject", "unheard=of"}) {
    result_.backend = {setting};
    EXPECT_FALSE(line()) << setting;
  }
}

TEST_F(Line, IsUnknownWhereTheNumberOfThreadsIs) {
  target().strategy = "fixed-pool";
  EXPECT_FALSE(line());
  target().strategy = "";
  EXPECT_FALSE(line());
  be_pool(4);
  target().kind = TargetKind::command;
  EXPECT_FALSE(line());
}

}  // namespace
}  // namespace waitlab::client
