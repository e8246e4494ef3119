#include "backend/answer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace waitlab::backend {
namespace {

using namespace std::chrono_literals;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

HoldRecord record_of(Outcome outcome) {
  return {.request_id = "r-1",
          .route = "/wait",
          .arrival = {},
          .drawn = 50ms,
          .queued = 0ns,
          .held = 50'123us,
          .outcome = outcome};
}

std::string written(const Answer& answer, const Framing& framing = {}) {
  std::string out;
  write_answer(out, answer, framing);
  return out;
}

TEST(Answer, TellsHowLongAHoldReallyTook) {
  const std::string out = written(hold_answer(record_of(Outcome::served)));
  EXPECT_THAT(out, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(out, HasSubstr("Content-Type: application/json\r\n"));
  EXPECT_THAT(out, HasSubstr("Server-Timing: hold;dur=50.123\r\n"));
  EXPECT_THAT(out, HasSubstr("Content-Length: 18\r\n"));
  EXPECT_THAT(out, EndsWith("\r\n\r\n{\"held_ms\":50.123}"));
}

TEST(Answer, TellsARejectedCallerToComeBack) {
  const std::string out = written(hold_answer(record_of(Outcome::rejected)));
  EXPECT_THAT(out, StartsWith("HTTP/1.1 503 "));
  EXPECT_THAT(out, HasSubstr("Retry-After: 1\r\n"));
  EXPECT_THAT(out, HasSubstr("application/problem+json"));
}

TEST(Answer, TellsAnExpiredCallerThatItWasLate) {
  EXPECT_THAT(written(hold_answer(record_of(Outcome::expired))), StartsWith("HTTP/1.1 504 "));
}

TEST(Answer, CountsHoldsAndConnectionsInTheStatus) {
  const HoldCounts holds{.holding = 1, .queued = 2, .served = 3, .rejected = 4, .expired = 5, .aborted = 6};
  const std::string out = written(status_answer(holds, {.open = 7, .accept_failures = 8}));
  EXPECT_THAT(out, EndsWith("{\"holding\":1,\"queued\":2,\"served\":3,\"rejected\":4,\"expired\":5,\"aborted\":6,"
                            "\"connections\":7,\"accept_failures\":8}\n"));
}

TEST(Answer, SaysWhenTheConnectionEnds) {
  EXPECT_THAT(written(health_answer()), Not(HasSubstr("Connection:")));
  EXPECT_THAT(written(health_answer(), {.keep_alive = false}), HasSubstr("Connection: close\r\n"));
}

TEST(Answer, ConfirmsKeepAliveToHttp10) {
  EXPECT_THAT(written(health_answer(), {.version = 10}), HasSubstr("Connection: keep-alive\r\n"));
  EXPECT_THAT(written(health_answer(), {.keep_alive = false, .version = 10}), HasSubstr("Connection: close\r\n"));
}

TEST(Answer, LeavesTheBodyOutForHead) {
  const std::string out = written(health_answer(), {.to_head = true});
  EXPECT_THAT(out, HasSubstr("Content-Length: 3\r\n"));
  EXPECT_THAT(out, EndsWith("\r\n\r\n"));
}

}  // namespace
}  // namespace waitlab::backend
