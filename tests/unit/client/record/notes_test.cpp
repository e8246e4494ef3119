#include "client/record/notes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

LoadResult completed(int count, unsigned status = 200) {
  LoadResult result;
  for (int i = 0; i < count; ++i) {
    result.record.begin();
    result.record.complete({.intended = 0s, .sent = 0s, .ended = 1ms}, status);
  }
  return result;
}

void fail(LoadResult& result, int count) {
  for (int i = 0; i < count; ++i) {
    result.record.begin();
    result.record.fail(ErrorKind::reset, "reset");
  }
}

TEST(Notes, AreNoneOnARunThatWentWell) {
  EXPECT_THAT(notes_on(LoadResult{}), IsEmpty());
  LoadResult result = completed(99);
  fail(result, 1);
  EXPECT_THAT(notes_on(result), IsEmpty());
}

TEST(Notes, SayHowFewRequestsTheTimesAreOf) {
  LoadResult result = completed(235);
  fail(result, 565);
  EXPECT_THAT(notes_on(result), ElementsAre(HasSubstr("565 of 800 requests failed")));
  EXPECT_THAT(notes_on(result), ElementsAre(HasSubstr("235 completed")));
}

TEST(Notes, SayThatTimeoutsAreLowerBounds) {
  LoadResult result = completed(9);
  result.record.begin();
  result.record.time_out(ErrorKind::timeout, {}, 2s);
  EXPECT_THAT(notes_on(result), ElementsAre(HasSubstr("1 of 10 requests timed out")));
}

TEST(Notes, TellOfErrorStatuses) {
  EXPECT_THAT(notes_on(completed(3, 503)), ElementsAre(HasSubstr("3 of 3 requests were answered with an error")));
}

}  // namespace
}  // namespace waitlab::client
