#include "common/process/resource_limits.hpp"

#include "common/process/descriptor_limit.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/resource.h>
#include <fstream>

namespace waitlab {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

/// A folder that stands for /proc.
class ResourceLimitsTest : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* folder : {"sys/kernel", "sys/vm"})
      fs::create_directories(proc_ / folder);
  }
  void TearDown() override { fs::remove_all(proc_); }

  void set(const std::string& setting, std::uint64_t value) const { std::ofstream(proc_ / "sys" / setting) << value; }

  const fs::path proc_ = fs::path(testing::TempDir()) / testing::UnitTest::GetInstance()->current_test_info()->name();
};

TEST_F(ResourceLimitsTest, CountNoMoreCpusThanTheControlGroupGrants) {
  EXPECT_EQ(resource_limits({.cpus = 0.5}, proc_).cpus(), 0.5);
  const ResourceLimits generous = resource_limits({.cpus = 100'000.0}, proc_);
  EXPECT_EQ(generous.cpus(), generous.cpus_usable);
  EXPECT_EQ(resource_limits({}, proc_).cpus(), generous.cpus_usable);
}

TEST_F(ResourceLimitsTest, NameTheTightestLimitOfThreads) {
  set("kernel/threads-max", 190);
  set("kernel/pid_max", 400);
  set("vm/max_map_count", 500);
  EXPECT_EQ(resource_limits({}, proc_).threads.most, 190U);
  EXPECT_THAT(resource_limits({}, proc_).threads.name, HasSubstr("kernel.threads-max"));
  EXPECT_EQ(resource_limits({.pids = 64}, proc_).threads.most, 64U);
  EXPECT_THAT(resource_limits({.pids = 64}, proc_).threads.name, HasSubstr("pids limit"));
  EXPECT_EQ(resource_limits({.memory_bytes = 24 * 1024 * 50}, proc_).threads.most, 50U);
  set("vm/max_map_count", 300);
  EXPECT_EQ(resource_limits({}, proc_).threads.most, 150U);
}

TEST_F(ResourceLimitsTest, HaveAsManyDescriptorsAsTheHardLimitOnceItIsRaised) {
  raise_descriptor_limit();
  rlimit limit{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &limit), 0);
  EXPECT_EQ(resource_limits({}, proc_).descriptors, limit.rlim_max);
}

}  // namespace
}  // namespace waitlab
