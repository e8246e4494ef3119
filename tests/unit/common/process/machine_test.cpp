#include "common/process/machine.hpp"

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

TEST(Machine, DescribesTheOneItRunsOn) {
  const Machine machine = describe_machine();
  EXPECT_FALSE(machine.cpu_model.empty());
  EXPECT_GE(machine.cpus_online, machine.cpus_usable);
  EXPECT_GE(machine.cpus_usable, 1U);
  EXPECT_GT(machine.memory_bytes, 0U);
  EXPECT_THAT(machine.kernel, testing::StartsWith("Linux "));
}

}  // namespace
}  // namespace waitlab
