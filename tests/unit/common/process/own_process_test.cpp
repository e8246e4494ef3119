#include "common/process/own_process.hpp"

#include "common/net/file_descriptor.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/resource.h>

namespace waitlab {
namespace {

using namespace std::chrono_literals;

TEST(OwnProcess, CountsItsOpenDescriptors) {
  const std::size_t before = descriptor_use().open.value();
  const FileDescriptor one(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  const FileDescriptor other(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  EXPECT_EQ(descriptor_use().open.value(), before + 2);
}

TEST(OwnProcess, KnowsItsLimitOfDescriptors) {
  rlimit limit{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &limit), 0);
  EXPECT_EQ(descriptor_use().most, limit.rlim_cur);
}

TEST(OwnProcess, StartedInThePastAndAlwaysAtTheSameMoment) {
  const auto start = process_start();
  ASSERT_TRUE(start);
  EXPECT_LE(*start, std::chrono::system_clock::now());
  EXPECT_GT(*start, std::chrono::system_clock::now() - 24h);
  EXPECT_EQ(process_start(), start);
}

}  // namespace
}  // namespace waitlab
