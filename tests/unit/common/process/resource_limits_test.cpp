#include "common/process/resource_limits.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/resource.h>
#include <fstream>

namespace waitlab {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;

/// A folder that stands for /proc.
class ResourceLimitsTest : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* folder : {"sys/kernel", "sys/vm"})
      fs::create_directories(proc_ / folder);
  }
  void TearDown() override { fs::remove_all(proc_); }

  ResourceLimits limits(const CgroupLimits& cgroup) const { return resource_limits(cgroup, {}, proc_); }

  void set(const std::string& setting, std::uint64_t value) const { std::ofstream(proc_ / "sys" / setting) << value; }

  const fs::path proc_ = fs::path(testing::TempDir()) / testing::UnitTest::GetInstance()->current_test_info()->name();
};

TEST_F(ResourceLimitsTest, CountNoMoreCpusThanTheControlGroupGrants) {
  EXPECT_EQ(limits({.cpus = 0.5}).cpus(), 0.5);
  const ResourceLimits generous = limits({.cpus = 100'000.0});
  EXPECT_EQ(generous.cpus(), generous.cpus_usable);
  EXPECT_EQ(limits({}).cpus(), generous.cpus_usable);
}

TEST_F(ResourceLimitsTest, NameTheTightestLimitOfThreadsWithItsOwnValue) {
  set("kernel/threads-max", 190);
  set("kernel/pid_max", 400);
  set("vm/max_map_count", 500);
  EXPECT_EQ(limits({}).threads.most, 190U);
  EXPECT_THAT(limits({}).threads.name, EndsWith("(kernel.threads-max), 190"));
  EXPECT_EQ(limits({.pids = 64}).threads.most, 64U);
  EXPECT_THAT(limits({.pids = 64}).threads.name, AllOf(HasSubstr("pids limit"), EndsWith(", 64")));
  set("vm/max_map_count", 300);
  EXPECT_EQ(limits({}).threads.most, 150U);
  EXPECT_THAT(limits({}).threads.name, EndsWith("(vm.max_map_count), 300"));
}

TEST_F(ResourceLimitsTest, LeaveRoomInTheMemoryForTheServerItself) {
  EXPECT_EQ(limits({.memory_bytes = 64 << 20}).threads.most, 512U);
  EXPECT_THAT(limits({.memory_bytes = 64 << 20}).threads.name, AllOf(HasSubstr("memory limit"), EndsWith(", 64MiB")));
  EXPECT_EQ(limits({.memory_bytes = 16 << 20}).threads.most, 0U);
}

TEST_F(ResourceLimitsTest, KnowTheRlimitsOfThreads) {
  const ResourceLimits processes = resource_limits({}, {.processes = 10}, proc_);
  EXPECT_EQ(processes.threads.most, 10U);
  EXPECT_THAT(processes.threads.name, HasSubstr("ulimit -u"));
  const ResourceLimits space = resource_limits({}, {.address_space_bytes = 80 << 20, .stack_bytes = 8 << 20}, proc_);
  EXPECT_EQ(space.threads.most, 10U);
  EXPECT_THAT(space.threads.name, EndsWith("(ulimit -v), 80MiB"));
}

TEST_F(ResourceLimitsTest, HaveAsManyDescriptorsAsTheHardLimitOnceItIsRaised) {
  raise_descriptor_limit();
  rlimit limit{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &limit), 0);
  EXPECT_EQ(limits({}).descriptors, limit.rlim_max);
}

}  // namespace
}  // namespace waitlab
