#include "common/process/cpu_quota.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace waitlab {
namespace {

namespace fs = std::filesystem;

/// A folder that stands for /sys/fs/cgroup.
class CpuQuota : public testing::Test {
 protected:
  void SetUp() override { fs::remove_all(mount_); }
  void TearDown() override { fs::remove_all(mount_); }

  void write(const std::string& path, const std::string& text) const {
    fs::create_directories((mount_ / path).parent_path());
    std::ofstream(mount_ / path) << text << '\n';
  }

  const fs::path mount_ = fs::path(testing::TempDir()) / testing::UnitTest::GetInstance()->current_test_info()->name();
};

TEST_F(CpuQuota, NoneWhereNoLimitIsSet) {
  write("user/cpu.max", "max 100000");
  EXPECT_EQ(cpu_quota("0::/user\n", mount_), std::nullopt);
  EXPECT_EQ(cpu_quota("", mount_), std::nullopt);
}

TEST_F(CpuQuota, TheTightestGroupOnTheWayUpCounts) {
  write("a/cpu.max", "50000 100000");
  write("a/b/cpu.max", "300000 100000");
  EXPECT_EQ(cpu_quota("0::/a/b\n", mount_), 0.5);
}

TEST_F(CpuQuota, InAContainerTheMountIsItsOwnGroup) {
  write("cpu.max", "150000 100000");
  EXPECT_EQ(cpu_quota("0::/\n", mount_), 1.5);
  EXPECT_EQ(cpu_quota("0::/docker/not-mounted-here\n", mount_), 1.5);
}

TEST_F(CpuQuota, ReadsVersionOne) {
  write("cpu,cpuacct/docker/cpu.cfs_quota_us", "200000");
  write("cpu,cpuacct/docker/cpu.cfs_period_us", "100000");
  EXPECT_EQ(cpu_quota("4:memory:/docker\n3:cpu,cpuacct:/docker\n", mount_), 2.0);
  write("cpu,cpuacct/docker/cpu.cfs_quota_us", "-1");
  EXPECT_EQ(cpu_quota("3:cpu,cpuacct:/docker\n", mount_), std::nullopt);
}

}  // namespace
}  // namespace waitlab
