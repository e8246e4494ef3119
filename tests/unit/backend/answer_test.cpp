#include "backend/answer.hpp"

#include "tests/unit/backend/fake_time.hpp"

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

TEST(Answer, TellsACallerOfAFailedHoldTheErrorThatWasAskedFor) {
  HoldRecord failed = record_of(Outcome::failed);
  failed.error_status = 429;
  const std::string out = written(hold_answer(failed));
  EXPECT_THAT(out, StartsWith("HTTP/1.1 429 "));
  EXPECT_THAT(out, HasSubstr("faults.error"));
}

TEST(Answer, CountsHoldsAndConnectionsInTheStatus) {
  FakeTime time;
  DelayProfiles settings;
  settings.standard.concurrency = 1;
  Profiles profiles(settings, time);
  HoldService& holds = **profiles.find("");
  const auto submit = [&holds](std::chrono::nanoseconds delay) {
    return holds.submit({.request_id = "", .route = "/wait", .delay = delay, .timeout = {}}, [](const HoldRecord&) {});
  };
  submit(1ms);
  time.advance(1ms);
  holds.abandon(submit(1h));
  submit(1h);
  submit(1h);
  submit(1h);
  EXPECT_THAT(written(status_answer(profiles, {.open = 7, .accept_failures = 8})),
              EndsWith("{\"holding\":1,\"queued\":2,\"served\":1,\"rejected\":0,\"expired\":0,\"aborted\":1,"
                       "\"failed\":0,\"reset_before\":0,\"reset_in\":0,\"dripped\":0,\"stalled\":0,"
                       "\"connections\":7,\"accept_failures\":8}\n"));
}

TEST(Answer, CountsEachNamedProfileBesideTheSum) {
  FakeTime time;
  DelayProfiles settings;
  settings.named["db"] = {};
  Profiles profiles(settings, time);
  for (const char* name : {"", "db", "db"})
    (*profiles.find(name))->submit({.request_id = "", .route = "/", .delay = 1h, .timeout = {}}, [](const HoldRecord&) {
    });
  const std::string out = written(status_answer(profiles, {}));
  EXPECT_THAT(out, HasSubstr("{\"holding\":3,"));
  EXPECT_THAT(out, HasSubstr("\"profiles\":{\"db\":{\"holding\":2,"));
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
