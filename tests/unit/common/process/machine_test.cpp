#include "common/process/machine.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace waitlab {
namespace {

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
