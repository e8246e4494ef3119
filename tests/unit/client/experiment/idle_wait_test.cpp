#include "client/experiment/idle_wait.hpp"

#include "tests/support/one_answer.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;

std::string status_answer(int in_flight, int queued) {
  const std::string body = fmt::format(
      R"({{"uptime_seconds": 1, "cpu_seconds": 0, "context_switches": {{"voluntary": 0, "involuntary": 0}},
           "requests": {{"in_flight": {}, "queued": {}, "in_flight_peak": 9, "queued_peak": 9, "completed_total": 5}},
           "rejected": {{}},
           "admin_thread": {{"cpu_seconds": 0, "context_switches": {{"voluntary": 0, "involuntary": 0}}}}}})",
      in_flight, queued);
  return fmt::format("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{}", body.size(), body);
}

TEST(IdleWait, EndsOnceNothingIsInFlight) {
  const OneAnswer server(status_answer(0, 0));
  EXPECT_TRUE(is_idle_within(server.address(), 30s, {}));
}

TEST(IdleWait, GivesUpOnAServerThatStillHoldsRequests) {
  const OneAnswer busy(status_answer(3, 0));
  EXPECT_FALSE(is_idle_within(busy.address(), 0s, {}));
  const OneAnswer queueing(status_answer(0, 2));
  EXPECT_FALSE(is_idle_within(queueing.address(), 0s, {}));
}

TEST(IdleWait, AServerThatDoesNotSayIsNotIdle) {
  EXPECT_FALSE(is_idle_within("127.0.0.1:1", 30s, {}));
}

}  // namespace
}  // namespace waitlab::client
