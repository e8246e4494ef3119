#include "server/runtime/drain.hpp"

#include "server/io/blocking_io.hpp"
#include "tests/unit/server/io/socket_pair.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <thread>

namespace waitlab::server {
namespace {

using Clock = std::chrono::steady_clock;
constexpr Clock::time_point before_all_time{std::chrono::nanoseconds{1}};

TEST(Drain, IsDoneWhereNoConnectionEverCame) {
  Drain drain;
  EXPECT_TRUE(drain.wait_until_none(before_all_time));
}

TEST(Drain, SaysWhenTheDeadlinePassedFirst) {
  Drain drain;
  drain.enter();
  EXPECT_FALSE(drain.wait_until_none(before_all_time));
}

TEST(Drain, WaitsForTheLastConnection) {
  Drain drain;
  drain.enter();
  drain.enter();
  drain.leave();
  EXPECT_FALSE(drain.wait_until_none(before_all_time));
  std::thread last([&drain] { drain.leave(); });
  EXPECT_TRUE(drain.wait_until_none(Clock::now() + std::chrono::minutes(1)));
  last.join();
}

class DrainOfAConnection : public testing::Test {
 protected:
  SocketPair pair;
  Site site;
  Tracer tracer;
  Telemetry telemetry{"fixed-pool", tracer};
  BlockingIo io;
  Connection connection{io, {std::move(pair.tested), HttpState({}), Counted(site.shared->connections)}, telemetry};
  Drain drain;
};

TEST_F(DrainOfAConnection, KeepsItUntilItBegins) {
  EXPECT_TRUE(drain.keeps(connection));
  drain.begin({});
  EXPECT_FALSE(drain.keeps(connection));
}

TEST_F(DrainOfAConnection, KeepsARequestThatHasJustComeIfNobodyElseServesIt) {
  pair.peer_sends("G");
  drain.begin({});
  EXPECT_TRUE(drain.keeps(connection));
}

TEST_F(DrainOfAConnection, LeavesARequestThatHasJustComeToTheSuccessor) {
  pair.peer_sends("G");
  drain.begin([](IdleConnection) {});
  EXPECT_FALSE(drain.keeps(connection));
}

TEST_F(DrainOfAConnection, HandsItOverWithoutLosingItsPlaceOnTheSite) {
  std::optional<IdleConnection> taken;
  drain.begin([&taken](IdleConnection idle) { taken.emplace(std::move(idle)); });
  drain.hand_over(connection);
  ASSERT_TRUE(taken);
  EXPECT_TRUE(taken->socket);
  EXPECT_EQ(site.shared->connections.value(), 1);
  EXPECT_EQ(telemetry.counts.total().open_connections(), 0);
  taken.reset();
  EXPECT_EQ(site.shared->connections.value(), 0);
}

TEST_F(DrainOfAConnection, HandsOverNothingBeforeItBegins) {
  drain.hand_over(connection);
  EXPECT_EQ(telemetry.counts.total().open_connections(), 1);
}

}  // namespace
}  // namespace waitlab::server
