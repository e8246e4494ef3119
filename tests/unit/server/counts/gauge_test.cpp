#include "server/counts/gauge.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <utility>
#include <vector>

namespace waitlab::server {
namespace {

TEST(Gauge, KeepsItsPeak) {
  Gauge gauge;
  gauge.add();
  gauge.add();
  gauge.remove();
  gauge.add();
  gauge.remove();
  gauge.remove();
  EXPECT_EQ(gauge.value(), 0);
  EXPECT_EQ(gauge.peak(), 2);
}

TEST(Gauge, CountsAmongManyThreads) {
  Gauge gauge;
  const Counted always(gauge);
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&gauge] {
      for (int time = 0; time < 2000; ++time)
        const Counted counted(gauge);
    });
  }
  for (std::thread& thread : threads)
    thread.join();
  EXPECT_EQ(gauge.value(), 1);
  EXPECT_GE(gauge.peak(), 2);
  EXPECT_LE(gauge.peak(), 5);
}

TEST(Counted, CountsAsLongAsItLives) {
  Gauge gauge;
  {
    const Counted counted(gauge);
    EXPECT_TRUE(counted);
    EXPECT_EQ(gauge.value(), 1);
  }
  EXPECT_EQ(gauge.value(), 0);
}

TEST(Counted, CountsOnceWhenMoved) {
  Gauge gauge, other;
  Counted first(gauge);
  Counted second(std::move(first));
  EXPECT_EQ(gauge.value(), 1);
  Counted third(other);
  third = std::move(second);
  EXPECT_EQ(gauge.value(), 1);
  EXPECT_EQ(other.value(), 0);
  third.reset();
  third.reset();
  EXPECT_FALSE(third);
  EXPECT_EQ(gauge.value(), 0);
}

TEST(Counted, CountsNothingByDefault) {
  Counted counted;
  EXPECT_FALSE(counted);
  counted.reset();
}

}  // namespace
}  // namespace waitlab::server
