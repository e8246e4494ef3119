#include "common/process/cpu_affinity.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

namespace waitlab {
namespace {

TEST(CpuAffinity, KeepsAThreadOnTheCpuItWasGiven) {
  const std::vector<int> all = usable_cpus();
  const std::vector<int> last{all.back()};
  std::vector<int> seen;
  std::thread([&] {
    if (run_on_cpus(last)) seen = usable_cpus();
  }).join();
  EXPECT_EQ(seen, last);
  EXPECT_EQ(usable_cpus(), all);
}

TEST(CpuAffinity, ACpuThatDoesNotExistIsAFailureThatNamesTheUsableOnes) {
  const auto pinned = run_on_cpus({1023});
  ASSERT_FALSE(pinned);
  EXPECT_THAT(pinned.error().message, testing::HasSubstr("cannot run on CPU 1023"));
  EXPECT_THAT(pinned.error().message, testing::HasSubstr("usable: "));
}

}  // namespace
}  // namespace waitlab
