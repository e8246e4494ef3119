#include "client/lessons/waiting.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

namespace waitlab::client {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;
using testing::Not;

Waited waited_for(milliseconds threads, milliseconds loop) {
  return {.calls = 100,
          .wait = milliseconds(50),
          .one_thread = milliseconds(5100),
          .threads = threads,
          .loop = loop,
          .fan_out = milliseconds(146)};
}

TEST(WaitingAnswer, CallsWaitsOverlappedBelowAQuarterOfTheirSum) {
  EXPECT_EQ(waiting_answer(waited_for(milliseconds(1249), milliseconds(1249))), "both");
  EXPECT_EQ(waiting_answer(waited_for(milliseconds(1249), milliseconds(1250))), "threads");
  EXPECT_EQ(waiting_answer(waited_for(milliseconds(1250), milliseconds(1249))), "loop");
  EXPECT_EQ(waiting_answer(waited_for(milliseconds(1250), milliseconds(1250))), "none");
}

TEST(WaitingConclusion, SaysThatWaitsOverlapOnlyWhereTheyDid) {
  EXPECT_THAT(waiting_conclusion(waited_for(milliseconds(60), milliseconds(60))),
              HasSubstr("so waits overlap: with 100 threads that block"));
  EXPECT_THAT(
      waiting_conclusion(waited_for(milliseconds(60), milliseconds(2000))),
      HasSubstr("overlapped here only with 100 threads that block, which took 60 ms; the event loop took 2.00 s"));
  EXPECT_THAT(waiting_conclusion(waited_for(milliseconds(2000), milliseconds(60))),
              HasSubstr("overlapped here only on the event loop, which took 60 ms; the 100 threads took 2.00 s"));
  const std::string none = waiting_conclusion(waited_for(milliseconds(2000), milliseconds(3000)));
  EXPECT_THAT(none, HasSubstr("yet here they hardly overlapped: the 100 threads took 2.00 s, the event loop 3.00 s"));
  EXPECT_THAT(none, Not(HasSubstr("so waits overlap")));
}

TEST(WaitingConclusion, TellsHowLongTheSlowestOfTenTakes) {
  EXPECT_THAT(waiting_conclusion(waited_for(milliseconds(60), milliseconds(60))),
              HasSubstr("longer than any of them on average: 146 ms where each call takes 50 ms."));
}

}  // namespace
}  // namespace waitlab::client
