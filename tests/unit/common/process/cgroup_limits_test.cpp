#include "common/process/cgroup_limits.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace waitlab {
namespace {

namespace fs = std::filesystem;

/// A folder that stands for /sys/fs/cgroup.
class CgroupLimitsTest : public testing::Test {
 protected:
  void SetUp() override { fs::remove_all(mount_); }
  void TearDown() override { fs::remove_all(mount_); }

  void write(const std::string& path, const std::string& text) const {
    fs::create_directories((mount_ / path).parent_path());
    std::ofstream(mount_ / path) << text << '\n';
  }

  CgroupLimits limits(const std::string& membership) const { return cgroup_limits(membership, mount_); }

  const fs::path mount_ = fs::path(testing::TempDir()) / testing::UnitTest::GetInstance()->current_test_info()->name();
};

TEST_F(CgroupLimitsTest, AreNoneWhereNoLimitIsSet) {
  write("user/cpu.max", "max 100000");
  write("user/memory.max", "max");
  write("user/pids.max", "max");
  for (const char* membership : {"0::/user\n", "", "nonsense\n"}) {
    EXPECT_EQ(limits(membership).cpus, std::nullopt);
    EXPECT_EQ(limits(membership).memory_bytes, std::nullopt);
    EXPECT_EQ(limits(membership).pids, std::nullopt);
  }
}

TEST_F(CgroupLimitsTest, AreThoseOfTheTightestGroupOnTheWayUp) {
  write("a/cpu.max", "50000 100000");
  write("a/memory.max", "4096000");
  write("a/pids.max", "100");
  write("a/b/cpu.max", "300000 100000");
  write("a/b/memory.max", "max");
  write("a/b/pids.max", "32");
  EXPECT_EQ(limits("0::/a/b\n").cpus, 0.5);
  EXPECT_EQ(limits("0::/a/b\n").memory_bytes, 4096000U);
  EXPECT_EQ(limits("0::/a/b\n").pids, 32U);
}

TEST_F(CgroupLimitsTest, InAContainerAreThoseOfTheMount) {
  write("cpu.max", "150000 100000");
  EXPECT_EQ(limits("0::/\n").cpus, 1.5);
  EXPECT_EQ(limits("0::/docker/not-mounted-here\n").cpus, 1.5);
}

TEST_F(CgroupLimitsTest, AreReadFromVersionOneToo) {
  write("cpu,cpuacct/docker/cpu.cfs_quota_us", "200000");
  write("cpu,cpuacct/docker/cpu.cfs_period_us", "100000");
  write("memory/docker/memory.limit_in_bytes", "104857600");
  write("pids/docker/pids.max", "50");
  const CgroupLimits found = limits("5:pids:/docker\n4:memory:/docker\n3:cpu,cpuacct:/docker\n0::/docker\n");
  EXPECT_EQ(found.cpus, 2.0);
  EXPECT_EQ(found.memory_bytes, 104857600U);
  EXPECT_EQ(found.pids, 50U);
}

TEST_F(CgroupLimitsTest, AreFoundWhereTheFolderNamesItsControllersInAnotherOrder) {
  write("cpu/docker/cpu.cfs_quota_us", "50000");
  write("cpu/docker/cpu.cfs_period_us", "100000");
  EXPECT_EQ(limits("3:cpuacct,cpu:/docker\n").cpus, 0.5);
}

TEST_F(CgroupLimitsTest, AreCountedWhereTheyThrottled) {
  write("a/cpu.stat", "usage_usec 9\nnr_periods 100\nnr_throttled 30\nthrottled_usec 77");
  write("a/b/cpu.stat", "usage_usec 9\nnr_periods 0\nnr_throttled 0");
  const auto v2 = cgroup_throttling("0::/a/b\n", mount_);
  ASSERT_EQ(v2.size(), 3U) << "the root, the group and that around it";
  EXPECT_EQ(v2[1].periods, 0U);
  EXPECT_EQ(v2[2].periods, 100U);
  EXPECT_EQ(v2[2].throttled, 30U);
  write("cpu/docker/cpu.stat", "nr_periods 10\nnr_throttled 4\nthrottled_time 77");
  EXPECT_EQ(cgroup_throttling("3:cpu:/docker\n", mount_)[1].throttled, 4U);
  EXPECT_EQ(cgroup_throttling("3:cpu:/podman\n", mount_)[1].periods, 0U);
}

TEST_F(CgroupLimitsTest, OfVersionOneSayInTheirOwnWayThatThereIsNone) {
  write("cpu,cpuacct/docker/cpu.cfs_quota_us", "-1");
  write("cpu,cpuacct/docker/cpu.cfs_period_us", "100000");
  write("memory/docker/memory.limit_in_bytes", "9223372036854771712");
  write("pids/docker/pids.max", "max");
  const CgroupLimits found = limits("5:pids:/docker\n4:memory:/docker\n3:cpu,cpuacct:/docker\n");
  EXPECT_EQ(found.cpus, std::nullopt);
  EXPECT_EQ(found.memory_bytes, std::nullopt);
  EXPECT_EQ(found.pids, std::nullopt);
}

}  // namespace
}  // namespace waitlab
