#include "client/lessons/too_many_threads.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

namespace waitlab::client {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using testing::HasSubstr;
using testing::Not;

CrowdsSeen crowds_seen(double work_of_many, milliseconds p99_of_many) {
  CrowdsSeen seen;
  seen.cpus = 2;
  seen.request_work = microseconds(500);
  seen.crowds = {{2, 1000, milliseconds(1), milliseconds(2), 300},
                 {500, work_of_many, milliseconds(90), p99_of_many, 20}};
  return seen;
}

TEST(TooManyThreads, TheTailGrowsFromFourTimes) {
  EXPECT_EQ(too_many_threads_answer(crowds_seen(1000, milliseconds(8))), "tail");
  EXPECT_EQ(too_many_threads_answer(crowds_seen(1000, milliseconds(7))), "neither");
}

TEST(TooManyThreads, WorkIsLostFromAQuarter) {
  EXPECT_EQ(too_many_threads_answer(crowds_seen(740, milliseconds(2))), "throughput");
  EXPECT_EQ(too_many_threads_answer(crowds_seen(760, milliseconds(2))), "neither");
  EXPECT_EQ(too_many_threads_answer(crowds_seen(740, milliseconds(80))), "both");
}

TEST(TooManyThreads, OneCrowdAloneTellsNothing) {
  CrowdsSeen seen = crowds_seen(1000, milliseconds(8));
  seen.crowds.pop_back();
  EXPECT_EQ(too_many_threads_answer(seen), "");
  EXPECT_EQ(too_many_threads_conclusion(seen), "");
}

TEST(TooManyThreads, FewThreadsAllowNoAnswer) {
  CrowdsSeen seen = crowds_seen(1000, milliseconds(80));
  seen.crowds.back().threads = 99;
  EXPECT_EQ(too_many_threads_answer(seen), "");
  seen.crowds.back().threads = 100;
  EXPECT_EQ(too_many_threads_answer(seen), "tail");
}

TEST(TooManyThreads, TellWhatWasSeen) {
  const std::string text = too_many_threads_conclusion(crowds_seen(980, milliseconds(400)));
  EXPECT_THAT(text, HasSubstr("With 500 threads in place of 2 a second of CPU time did 98 % of the work"));
  EXPECT_THAT(text, HasSubstr("went from 2 ms to 400 ms: it has to wait"));
  EXPECT_THAT(text, Not(HasSubstr("quota")));
}

TEST(TooManyThreads, SayWhereTheMachineContradictsWhatIsSaid) {
  const std::string text = too_many_threads_conclusion(crowds_seen(500, milliseconds(2)));
  EXPECT_THAT(text, HasSubstr("did 50 % of the work: here switching"));
  EXPECT_THAT(text, HasSubstr("Here it hardly suffered"));
}

TEST(TooManyThreads, TellOfAQuotaThatCutPeriodsShort) {
  CrowdsSeen seen = crowds_seen(980, milliseconds(400));
  seen.quota = 1.5;
  seen.throttled = 0.9;
  EXPECT_THAT(too_many_threads_conclusion(seen), HasSubstr("The quota of 1.5 CPUs cut 90 % of its periods short"));
}

TEST(TooManyThreads, EvenlySharedCpusSlowARequestOnceTheyAreTooFew) {
  EXPECT_EQ(evenly_shared(microseconds(500), 499, 2), milliseconds(125));
  EXPECT_EQ(evenly_shared(microseconds(500), 1, 2), microseconds(500));
  EXPECT_EQ(evenly_shared(microseconds(500), 1, 8), microseconds(500));
}

}  // namespace
}  // namespace waitlab::client
