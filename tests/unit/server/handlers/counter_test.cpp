#include "server/handlers/counter.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace waitlab::server {
namespace {

using Sync = Counter::Sync;

class CountedBy : public testing::TestWithParam<Sync> {
 protected:
  void add_from_threads(int threads, std::uint64_t times) {
    std::vector<std::jthread> counting;
    for (int thread = 0; thread < threads; ++thread)
      counting.emplace_back([this, times] { counter.add(GetParam(), times); });
  }

  Counter counter;
};

INSTANTIATE_TEST_SUITE_P(Counter, CountedBy, testing::Values(Sync::none, Sync::mutex, Sync::atomic, Sync::sharded),
                         [](const auto& sync) {
                           return std::string(Counter::sync_names[static_cast<std::size_t>(sync.param)]);
                         });

TEST_P(CountedBy, OneThreadLosesNothing) {
  counter.add(GetParam(), 1000);
  EXPECT_EQ(counter.value(GetParam()).asked, 1000U);
  EXPECT_EQ(counter.value(GetParam()).counted, 1000U);
}

TEST_P(CountedBy, SeveralThreadsLoseNothingIfTheyAreInStep) {
  add_from_threads(4, 20'000);
  EXPECT_EQ(counter.value(GetParam()).asked, 80'000U);
  if (GetParam() == Sync::none) {
    EXPECT_LE(counter.value(GetParam()).counted, 80'000U);
  } else {
    EXPECT_EQ(counter.value(GetParam()).counted, 80'000U);
  }
}

TEST(CounterTest, KeepsItsWaysApart) {
  Counter counter;
  counter.add(Sync::mutex, 3);
  EXPECT_EQ(counter.value(Sync::atomic).counted, 0U);
  EXPECT_EQ(counter.value(Sync::none).asked, 0U);
}

}  // namespace
}  // namespace waitlab::server
