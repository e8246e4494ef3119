#include "backend/hold_query.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace waitlab::backend {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

Request request_of(std::string_view target, std::vector<HttpField> fields = {}) {
  Request request;
  request.method = "GET";
  request.target = target;
  request.fields = std::move(fields);
  return request;
}

Result<HoldRequest> parse(std::string_view target, std::vector<HttpField> fields = {}) {
  auto query = parse_hold_query(request_of(target, std::move(fields)));
  if (!query) return query.error();
  return query->hold;
}

std::string failure_of(std::string_view target, std::vector<HttpField> fields = {}) {
  const auto parsed = parse(target, std::move(fields));
  return parsed ? "" : parsed.error().message;
}

TEST(HoldQuery, ReadsRouteDelayIdAndTimeout) {
  const auto hold =
      parse("/hold?route=%2Fwait&delay=1.5ms", {{"X-Request-Id", "r-1"}, {"X-Request-Timeout-Ms", "250"}});
  ASSERT_TRUE(hold) << hold.error().message;
  EXPECT_EQ(hold->route, "/wait");
  EXPECT_EQ(hold->delay, 1500us);
  EXPECT_EQ(hold->request_id, "r-1");
  EXPECT_EQ(hold->timeout, 250ms);
}

TEST(HoldQuery, NeedsNothing) {
  const auto hold = parse("/hold");
  ASSERT_TRUE(hold) << hold.error().message;
  EXPECT_EQ(hold->route, "/hold");
  EXPECT_EQ(hold->request_id, "");
  EXPECT_FALSE(hold->delay);
  EXPECT_FALSE(hold->timeout);
}

TEST(HoldQuery, EndsWhereTheTargetEnds) {
  const std::string_view line = "/hold?delay=1ms HTTP/1.1";
  const auto hold = parse(line.substr(0, line.find(' ')));
  ASSERT_TRUE(hold) << hold.error().message;
  EXPECT_EQ(hold->delay, 1ms);
}

TEST(HoldQuery, TakesADelayOfZero) {
  const auto hold = parse("/hold?delay=0ms");
  ASSERT_TRUE(hold) << hold.error().message;
  EXPECT_EQ(hold->delay, 0ms);
}

TEST(HoldQuery, SaysWhichProfileIsMeant) {
  EXPECT_EQ(parse_hold_query(request_of("/hold"))->profile, "");
  EXPECT_EQ(parse_hold_query(request_of("/hold?delay=1ms&profile=db"))->profile, "db");
  EXPECT_THAT(failure_of("/hold?profile=a&profile=b"), HasSubstr("parameter profile is repeated"));
  EXPECT_THAT(failure_of("/hold?profile="), HasSubstr("parameter profile is empty"));
}

TEST(ProfileQuery, TakesNothingButAName) {
  EXPECT_EQ(*parse_profile_query(request_of("/profile")), "");
  EXPECT_EQ(*parse_profile_query(request_of("/profile?profile=db")), "db");
  for (const char* wrong : {"delay=1ms", "profile=a&profile=b", "profile="})
    EXPECT_FALSE(parse_profile_query(request_of(std::string("/profile?") + wrong))) << wrong;
}

TEST(HoldQuery, NamesTheParameterThatIsWrong) {
  EXPECT_THAT(failure_of("/hold?delay=50"), HasSubstr("parameter delay"));
  EXPECT_THAT(failure_of("/hold?delay=-1ms"), HasSubstr("parameter delay"));
  EXPECT_THAT(failure_of("/hold?delay=2h"), HasSubstr("at most 1h"));
  EXPECT_THAT(failure_of("/hold?route="), HasSubstr("parameter route is empty"));
  EXPECT_THAT(failure_of("/hold?dealy=50ms"), HasSubstr("parameter dealy is unknown"));
  EXPECT_THAT(failure_of("/hold?delay=1ms&delay=2ms"), HasSubstr("parameter delay is repeated"));
  EXPECT_THAT(failure_of("/hold?route=/a&route=/b"), HasSubstr("parameter route is repeated"));
  EXPECT_NE(failure_of("/hold?route=%zz"), "");
}

TEST(HoldQuery, RejectsATimeoutThatIsNoWholeNumberOfMilliseconds) {
  for (const char* text : {"0", "-5", "10ms", "1.5", "99999999999999999999", "86400001"})
    EXPECT_THAT(failure_of("/hold", {{"X-Request-Timeout-Ms", text}}), HasSubstr("X-Request-Timeout-Ms")) << text;
}

TEST(HoldQuery, RejectsAnIdThatIsTooLongOrUnprintable) {
  const std::string longest(128, 'x');
  const std::string longer(129, 'x');
  EXPECT_EQ(failure_of("/hold", {{"X-Request-Id", longest}}), "");
  EXPECT_THAT(failure_of("/hold", {{"X-Request-Id", longer}}), HasSubstr("X-Request-Id"));
  EXPECT_THAT(failure_of("/hold", {{"X-Request-Id", "a b"}}), HasSubstr("X-Request-Id"));
}

}  // namespace
}  // namespace waitlab::backend
