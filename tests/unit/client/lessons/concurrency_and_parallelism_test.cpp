#include "client/lessons/concurrency_and_parallelism.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

namespace waitlab::client {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using testing::HasSubstr;
using testing::Not;

PairsSeen pairs_seen() {
  return {.waiting = {milliseconds(30), milliseconds(31), milliseconds(31)},
          .computing = {milliseconds(2), milliseconds(4), microseconds(2100)}};
}

TEST(ConcurrencyAndParallelism, TwoAreAsOneBelowOneAndAHalfTimes) {
  PairsSeen seen = pairs_seen();
  EXPECT_EQ(concurrency_answer(seen), "three");
  seen.computing.on_two_cpus = microseconds(2999);
  EXPECT_EQ(concurrency_answer(seen), "three");
  seen.computing.on_two_cpus = microseconds(3000);
  EXPECT_EQ(concurrency_answer(seen), "waits");
}

TEST(ConcurrencyAndParallelism, EachCaseCounts) {
  PairsSeen seen = pairs_seen();
  seen.computing.on_one_cpu = milliseconds(2);
  EXPECT_EQ(concurrency_answer(seen), "all");
  seen = pairs_seen();
  seen.waiting.on_one_cpu = milliseconds(60);
  EXPECT_EQ(concurrency_answer(seen), "cpus");
  seen.waiting.on_two_cpus = milliseconds(60);
  EXPECT_EQ(concurrency_answer(seen), "");
  seen.computing.on_two_cpus = milliseconds(4);
  EXPECT_EQ(concurrency_answer(seen), "none");
}

TEST(ConcurrencyAndParallelism, OneCpuAllowsNoAnswerButIsToldOf) {
  PairsSeen seen = pairs_seen();
  seen.waiting.on_two_cpus.reset();
  seen.computing.on_two_cpus.reset();
  EXPECT_EQ(concurrency_answer(seen), "");
  const std::string text = concurrency_conclusion(seen);
  EXPECT_THAT(text, HasSubstr("Two computations on one CPU took 2.0 times as long as one: they took turns."));
  EXPECT_THAT(text, Not(HasSubstr("two CPUs")));
}

TEST(ConcurrencyAndParallelism, TellWhatWasSeen) {
  const std::string text = concurrency_conclusion(pairs_seen());
  EXPECT_THAT(text, HasSubstr("Two waits on one CPU took as long as one"));
  EXPECT_THAT(text, HasSubstr("On two CPUs they took 1.1 times as long: both ran at the same time"));
  EXPECT_THAT(text, Not(HasSubstr("Here")));
}

TEST(ConcurrencyAndParallelism, SayWhereTheMachineContradictsWhatIsSaid) {
  const std::string text = concurrency_conclusion({.waiting = {milliseconds(30), milliseconds(60), milliseconds(60)},
                                                   .computing = {milliseconds(2), milliseconds(2), milliseconds(4)}});
  EXPECT_THAT(text, HasSubstr("Here two waits on one CPU took 2.0 times as long as one"));
  EXPECT_THAT(text, HasSubstr("Here two computations on one CPU took only 1.0 times as long"));
  EXPECT_THAT(text, HasSubstr("Here they took 2.0 times as long on two CPUs too"));
}

TEST(ConcurrencyAndParallelism, DrawWhenAThreadDidSomething) {
  EXPECT_EQ(lane_text({milliseconds(1), milliseconds(2), milliseconds(9)}, milliseconds(10), 10), ".##......#");
  EXPECT_EQ(lane_text({milliseconds(10)}, milliseconds(10), 10), ".........#");
  EXPECT_EQ(lane_text({}, milliseconds(10), 3), "...");
}

}  // namespace
}  // namespace waitlab::client
