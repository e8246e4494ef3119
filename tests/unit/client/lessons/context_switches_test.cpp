#include "client/lessons/context_switches.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace waitlab::client {
namespace {

using testing::HasSubstr;
using testing::Not;

std::vector<StrategySwitches> switches_seen(double loop_alone, double loop_full) {
  return {{"pool", true, 3.1, 2.4},
          {"threads", true, 2, 2},
          {"loop", false, loop_alone, loop_full},
          {"loops", false, 5, 5}};
}

TEST(ContextSwitches, TheFewestOfEitherKindAreCompared) {
  EXPECT_EQ(context_switches_answer(switches_seen(1.9, 0.2)), "full");
  EXPECT_EQ(context_switches_answer(switches_seen(1.9, 1.9)), "never");
  EXPECT_EQ(context_switches_answer(switches_seen(0.5, 0.2)), "always");
  EXPECT_EQ(context_switches_answer(switches_seen(0.5, 1.9)), "alone");
}

TEST(ContextSwitches, FarFewerAreSoManyTimesFewer) {
  EXPECT_EQ(context_switches_answer(switches_seen(1.9, 1.25)), "full");
  EXPECT_EQ(context_switches_answer(switches_seen(1.9, 1.26)), "never");
}

TEST(ContextSwitches, WithoutALoopThereIsNoAnswer) {
  auto seen = switches_seen(1.9, 0.2);
  seen.resize(2);
  EXPECT_EQ(context_switches_answer(seen), "");
  EXPECT_EQ(context_switches_conclusion(seen), "");
  EXPECT_EQ(context_switches_answer({}), "");
}

TEST(ContextSwitches, TellWhatWasSeen) {
  const std::string text = context_switches_conclusion(switches_seen(1.9, 0.2));
  EXPECT_THAT(text, HasSubstr("a loop switches 1.9 times for each, and a worker that is kept at best 2 times"));
  EXPECT_THAT(text, HasSubstr("At full load it is 0.2 and 2: a loop that is woken once"));
  EXPECT_THAT(text, Not(HasSubstr("here")));
}

TEST(ContextSwitches, SayWhereTheMachineContradictsWhatIsSaid) {
  const std::string text = context_switches_conclusion(switches_seen(0.5, 1.9));
  EXPECT_THAT(text, HasSubstr("here a loop is better even then"));
  EXPECT_THAT(text, HasSubstr("here the loop saves little even then"));
}

}  // namespace
}  // namespace waitlab::client
