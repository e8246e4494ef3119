#include "server/http/parameters.hpp"

#include <gtest/gtest.h>

#include <array>

namespace waitlab::server {
namespace {

using namespace std::chrono_literals;

Result<std::optional<std::chrono::nanoseconds>> delay_of(std::string_view target) {
  const auto parameters = Parameters::parse(target, {"delay", "work"});
  if (!parameters) return parameters.error();
  return parameters->duration("delay", 1min);
}

std::string error_of(std::string_view target) {
  const auto delay = delay_of(target);
  return delay ? "accepted" : delay.error().message;
}

TEST(Parameters, AreDurationsWithAUnit) {
  EXPECT_EQ(delay_of("/wait?delay=50ms").value(), 50ms);
  EXPECT_EQ(delay_of("/wait?delay=1.5ms").value(), 1500us);
  EXPECT_EQ(delay_of("/wait?work=1s&delay=%31s").value(), 1s);
}

TEST(Parameters, MayBeAbsent) {
  EXPECT_EQ(delay_of("/wait").value(), std::nullopt);
  EXPECT_EQ(delay_of("/wait?work=1ms").value(), std::nullopt);
}

TEST(Parameters, ReachFromZeroToTheMaximum) {
  EXPECT_EQ(delay_of("/wait?delay=0ms").value(), 0ms);
  EXPECT_EQ(delay_of("/wait?delay=60s").value(), 60s);
  EXPECT_EQ(error_of("/wait?delay=61s"), "parameter 'delay': 61s is more than 1m");
}

TEST(Parameters, AreWholeNumbersWithinTheirRange) {
  const auto calls_of = [](std::string_view target) {
    return Parameters::parse(target, {"calls"})->integer("calls", 1, 64);
  };
  EXPECT_EQ(calls_of("/fanout?calls=1").value(), 1U);
  EXPECT_EQ(calls_of("/fanout?calls=64").value(), 64U);
  EXPECT_EQ(calls_of("/fanout").value(), std::nullopt);
  for (const std::string wrong : {"0", "65", "-1", "1.5", "five", "", "4294967297"}) {
    const auto calls = calls_of("/fanout?calls=" + wrong);
    ASSERT_FALSE(calls) << wrong;
    EXPECT_EQ(calls.error().message, "parameter 'calls': '" + wrong + "' is not a whole number from 1 to 64");
  }
}

TEST(Parameters, AreNumbersWithinTheirRange) {
  const auto seconds_of = [](std::string_view target) {
    return Parameters::parse(target, {"seconds"})->number("seconds", 0.1, 10);
  };
  EXPECT_EQ(seconds_of("/trace?seconds=0.1").value(), 0.1);
  EXPECT_EQ(seconds_of("/trace?seconds=10").value(), 10.0);
  EXPECT_EQ(seconds_of("/trace").value(), std::nullopt);
  for (const std::string wrong : {"0", "10.1", "-1", "two", "", "2s", "nan", "inf"}) {
    const auto seconds = seconds_of("/trace?seconds=" + wrong);
    ASSERT_FALSE(seconds) << wrong;
    EXPECT_EQ(seconds.error().message, "parameter 'seconds': '" + wrong + "' is not a number from 0.1 to 10");
  }
}

TEST(Parameters, AreTextsThatAreNotTooLong) {
  const auto name_of = [](std::string_view target) { return Parameters::parse(target, {"name"})->text("name", 3); };
  EXPECT_EQ(name_of("/?name=a%26b").value(), "a&b");
  EXPECT_EQ(name_of("/").value(), std::nullopt);
  EXPECT_EQ(name_of("/?name=").error().message, "parameter 'name': has 0 characters, of 1 to 3 that are allowed");
  EXPECT_EQ(name_of("/?name=abcd").error().message, "parameter 'name': has 4 characters, of 1 to 3 that are allowed");
}

TEST(Parameters, AreOneOfTheValuesTheyMayHave) {
  const auto mode_of = [](std::string_view target) {
    return Parameters::parse(target, {"mode"})->choice("mode", {"parallel", "sequential"});
  };
  EXPECT_EQ(mode_of("/fanout?mode=parallel").value(), 0U);
  EXPECT_EQ(mode_of("/fanout?mode=sequential").value(), 1U);
  EXPECT_EQ(mode_of("/fanout").value(), 0U);
  EXPECT_EQ(mode_of("/fanout?mode=both").error().message, "parameter 'mode': 'both' is none of: parallel, sequential");
}

TEST(Parameters, AreAskedForWhereTheyMustBeGiven) {
  const auto mode_of = [](std::string_view target) {
    static constexpr std::array<std::string_view, 2> allowed = {"parallel", "sequential"};
    return Parameters::parse(target, {"mode"})->required_choice("mode", allowed);
  };
  EXPECT_EQ(mode_of("/?mode=sequential").value(), 1U);
  EXPECT_EQ(mode_of("/?mode=both").error().message, "parameter 'mode': 'both' is none of: parallel, sequential");
  EXPECT_EQ(mode_of("/").error().message, "parameter 'mode': is missing; it is one of: parallel, sequential");
}

TEST(Parameters, AreNamedWhenTheyAreWrong) {
  for (const char* target : {"/wait?delay=50", "/wait?delay=", "/wait?delay", "/wait?delay=-1ms", "/wait?delay=1e9s"})
    EXPECT_EQ(error_of(target).rfind("parameter 'delay': ", 0), 0U) << target << ": " << error_of(target);
  EXPECT_EQ(error_of("/wait?delay=1ms&delay=2ms"), "parameter 'delay': is given twice");
  EXPECT_EQ(error_of("/wait?Delay=1ms"), "unknown parameter 'Delay'; known here: delay, work");
  EXPECT_EQ(error_of("/wait?delay=%"), "the query is malformed: delay=%");
}

}  // namespace
}  // namespace waitlab::server
