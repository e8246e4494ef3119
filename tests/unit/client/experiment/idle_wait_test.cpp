#include "client/experiment/idle_wait.hpp"

#include "tests/support/one_answer.hpp"
#include "tests/unit/client/experiment/status_answer.hpp"

#include <gtest/gtest.h>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;

TEST(IdleWait, EndsOnceNothingIsInFlight) {
  const OneAnswer server(status_answer({}));
  EXPECT_TRUE(is_idle_within(server.address(), 30s, {}));
}

TEST(IdleWait, GivesUpOnAServerThatStillHoldsRequests) {
  const OneAnswer busy(status_answer({.in_flight = 3}));
  EXPECT_FALSE(is_idle_within(busy.address(), 0s, {}));
  const OneAnswer queueing(status_answer({.queued = 2}));
  EXPECT_FALSE(is_idle_within(queueing.address(), 0s, {}));
}

TEST(IdleWait, AServerThatDoesNotSayIsNotIdle) {
  EXPECT_FALSE(is_idle_within("127.0.0.1:1", 30s, {}));
}

}  // namespace
}  // namespace waitlab::client
