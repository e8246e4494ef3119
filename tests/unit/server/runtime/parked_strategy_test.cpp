#include "server/runtime/parked_strategy.hpp"

#include "server/strategies/fixed_pool.hpp"
#include "tests/support/patience.hpp"
#include "tests/unit/server/io/socket_pair.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <chrono>

namespace waitlab::server {
namespace {

class ParkedStrategyTest : public testing::Test {
 protected:
  void adopt(FileDescriptor socket) {
    strategy.adopt({std::move(socket), HttpState({}), Counted(site.shared->connections)});
  }

  bool drained_within(std::chrono::nanoseconds time) {
    return strategy.wait_drained(std::chrono::steady_clock::now() + time);
  }

  Tracer tracer;
  Telemetry telemetry{"fixed-pool", tracer};
  Site site;
  FixedPool strategy{{.threads = 1, .queue_capacity = 1}, {site, telemetry, {}, {}, {}}};
};

TEST_F(ParkedStrategyTest, EndsAndCountsAConnectionThatTheKernelDoesNotWatch) {
  // As it refuses to watch what never has to wait, so it may refuse a connection once its means have run out.
  adopt(FileDescriptor(::open("/dev/null", O_RDWR | O_CLOEXEC)));
  EXPECT_TRUE(drained_within({}));
  EXPECT_EQ(site.shared->connections.value(), 0);
  EXPECT_EQ(telemetry.counts.total().endings[Ending::unwatched], 1U);
}

TEST_F(ParkedStrategyTest, ParksOneThatItDoes) {
  SocketPair pair;
  adopt(std::move(pair.tested));
  EXPECT_FALSE(drained_within({}));
  strategy.retire(nullptr);
  EXPECT_TRUE(drained_within(patience));
  EXPECT_EQ(telemetry.counts.total().endings[Ending::unwatched], 0U);
}

}  // namespace
}  // namespace waitlab::server
