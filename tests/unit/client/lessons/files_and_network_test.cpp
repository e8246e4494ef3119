#include "client/lessons/files_and_network.hpp"

#include "client/lessons/cold_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>

namespace waitlab::client {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

/// Reads of 40 ms, 5 of them a second; the p90 of the waits.
ReadsAndWaits seen_with(milliseconds loop, milliseconds pool) {
  return {.cold = milliseconds(40),
          .warm = milliseconds(4),
          .served = milliseconds(40),
          .backend = milliseconds(10),
          .reads_per_second = 5,
          .loop = {.p50 = milliseconds(10), .p90 = loop, .p99 = 2 * loop},
          .pool = {.p50 = milliseconds(10), .p90 = pool, .p99 = pool}};
}

TEST(FilesAndNetwork, WhoComesDuringAReadWaitsForWhatIsLeftOfIt) {
  const ReadsAndWaits seen = seen_with(milliseconds(0), milliseconds(0));
  EXPECT_EQ(expected_wait(seen, 0.5), milliseconds(10));  // reads fill a fifth of the time
  EXPECT_NEAR(std::chrono::duration<double>(expected_wait(seen, 0.9)).count(), 0.030, 1e-6);
  EXPECT_NEAR(std::chrono::duration<double>(expected_wait(seen, 0.99)).count(), 0.048, 1e-6);
}

TEST(FilesAndNetwork, ReadsFillAFifthOfTheTimeOrAsMuchAsTheyCan) {
  EXPECT_EQ(reads_of_a_thousand(milliseconds(25), 200), 40U);
  EXPECT_EQ(reads_of_a_thousand(milliseconds(1), 200), 100U);
  EXPECT_EQ(reads_of_a_thousand(std::chrono::seconds(10), 200), 2U);
}

TEST(FilesAndNetwork, TheLoopsWaitsAreLongerFromHalfOfWhatIsExpectedOn) {
  EXPECT_EQ(files_answer(seen_with(milliseconds(19), milliseconds(11))), "reader");
  EXPECT_EQ(files_answer(seen_with(milliseconds(21), milliseconds(11))), "loop");
}

TEST(FilesAndNetwork, ThePoolSparesNobodyFromTwoThirdsOfTheLoopsOn) {
  EXPECT_EQ(files_answer(seen_with(milliseconds(40), milliseconds(29))), "loop");
  EXPECT_EQ(files_answer(seen_with(milliseconds(40), milliseconds(31))), "both");
}

TEST(FilesAndNetwork, SayNothingOfAMachineThatIsTooBusy) {
  ReadsAndWaits seen = seen_with(milliseconds(40), milliseconds(31));
  seen.pool.p50 = milliseconds(20);
  EXPECT_EQ(files_answer(seen), "both");
  seen.pool.p50 = milliseconds(21);
  EXPECT_EQ(files_answer(seen), "");
  EXPECT_THAT(files_conclusion(seen), HasSubstr("too busy"));
}

TEST(FilesAndNetwork, SayNothingWhereTheReadsAreTooShortToSee) {
  ReadsAndWaits seen = seen_with(milliseconds(11), milliseconds(10));
  seen.reads_per_second = 20;
  seen.cold = milliseconds(4);
  EXPECT_EQ(files_answer(seen), "");
  EXPECT_THAT(files_conclusion(seen), HasSubstr("At 4 ms the reads are so short that by theory p90 grows by less than "
                                                "1 ms"));
  seen.cold = std::chrono::microseconds(5'900);
  EXPECT_EQ(files_answer(seen), "");
  seen.cold = std::chrono::microseconds(6'100);
  EXPECT_EQ(files_answer(seen), "loop");
}

TEST(FilesAndNetwork, HaveNoAnswerWhereOnlyThePoolHeldUpTheOthers) {
  EXPECT_EQ(files_answer(seen_with(milliseconds(12), milliseconds(19))), "reader");
  EXPECT_EQ(files_answer(seen_with(milliseconds(12), milliseconds(40))), "");
  EXPECT_THAT(files_conclusion(seen_with(milliseconds(12), milliseconds(40))), HasSubstr("longer with the pool than"));
}

TEST(FilesAndNetwork, NoticesALoopThatFellBehind) {
  ReadsAndWaits seen = seen_with(milliseconds(900), milliseconds(12));
  EXPECT_THAT(files_conclusion(seen), testing::Not(HasSubstr("fell behind")));
  seen.loop.p50 = milliseconds(51);
  EXPECT_THAT(files_conclusion(seen), HasSubstr("fell behind"));
}

TEST(FilesAndNetwork, TellsWhatWasSeenAlsoAgainstTheFolklore) {
  EXPECT_THAT(
      files_conclusion(seen_with(milliseconds(35), milliseconds(11))),
      HasSubstr("one in ten took longer than 35 ms under the loop, and than 11 ms with the pool (p90), one in a "
                "hundred than 70 ms and 11 ms (p99)"));
  EXPECT_THAT(files_conclusion(seen_with(milliseconds(35), milliseconds(11))), HasSubstr("A read of 40 ms keeps"));
  EXPECT_THAT(files_conclusion(seen_with(milliseconds(40), milliseconds(40))), HasSubstr("though the folklore"));
  EXPECT_THAT(files_conclusion(seen_with(milliseconds(12), milliseconds(11))), HasSubstr("though the folklore"));
}

TEST(ColdFile, IsRefusedByEpollAndCalledReadableByPoll) {
  const auto file = ColdFile::make();
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_EQ(file->ask_epoll(), EPERM);
  EXPECT_TRUE(file->ask_poll());
  file->evict();
  EXPECT_GT(file->read().count(), 0);
  EXPECT_GT(file->read_from_disk().count(), 0);
}

}  // namespace
}  // namespace waitlab::client
