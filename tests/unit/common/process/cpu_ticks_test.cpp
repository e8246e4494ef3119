#include "common/process/cpu_ticks.hpp"

#include <gtest/gtest.h>

namespace waitlab {
namespace {

constexpr const char* stat =
    "cpu  100 10 50 800 20 5 15 40 30 0\n"
    "cpu0 60 5 30 300 10 5 10 35 20 0\n"
    "cpu1 40 5 20 500 10 0 5 5 10 0\n"
    "cpu11 1 1 1 1 1 1 1 1 1 1\n"
    "intr 12345 1 2 3\n";

TEST(CpuTicks, AreThoseOfAllCpusUnlessSomeAreNamed) {
  EXPECT_EQ(cpu_ticks(stat, {}).all, 1040U) << "guest time is part of user time";
  EXPECT_EQ(cpu_ticks(stat, {}).wanted, 220U);
  EXPECT_EQ(cpu_ticks(stat, {}).stolen, 40U);
}

TEST(CpuTicks, AreTheSumsOfTheCpusThatAreNamed) {
  EXPECT_EQ(cpu_ticks(stat, {1}).all, 585U);
  EXPECT_EQ(cpu_ticks(stat, {1}).stolen, 5U);
  EXPECT_EQ(cpu_ticks(stat, {0, 1}).stolen, 40U);
}

TEST(CpuTicks, AreZeroWhereTheKernelDoesNotSay) {
  EXPECT_EQ(cpu_ticks("", {}).all, 0U);
  EXPECT_EQ(cpu_ticks("cpu  100 10 50 800\n", {}).stolen, 0U) << "an old kernel";
}

}  // namespace
}  // namespace waitlab
