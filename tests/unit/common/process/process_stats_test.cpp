#include "common/process/process_stats.hpp"

#include "common/net/file_descriptor.hpp"
#include "common/process/child_process.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>
#include <latch>
#include <thread>

namespace waitlab {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

void burn_cpu(nanoseconds amount) {
  const auto start = thread_usage().cpu_time;
  while (thread_usage().cpu_time - start < amount) {
  }
}

TEST(ProcessStats, CountsTheThreadsOfAProcess) {
  std::latch sampled(1);
  // Thread sanitizer starts a thread of its own with the first.
  std::thread first([&] { sampled.wait(); });
  const auto before = sample_process(::getpid());
  std::thread second([&] { sampled.wait(); });
  const auto during = sample_process(::getpid());
  sampled.count_down();
  first.join();
  second.join();
  ASSERT_TRUE(before && during);
  EXPECT_EQ(during->threads, before->threads + 1);
}

TEST(ProcessStats, ChargesTheCpuOfThreadsThatHaveEnded) {
  const auto before = sample_process(::getpid());
  const auto usage_before = process_usage();
  std::thread([] { burn_cpu(std::chrono::milliseconds{20}); }).join();
  const auto after = sample_process(::getpid());
  ASSERT_TRUE(before && after);
  EXPECT_GE(after->cpu_time - before->cpu_time, std::chrono::milliseconds{20});
  EXPECT_GE(process_usage().cpu_time - usage_before.cpu_time, std::chrono::milliseconds{20});
}

TEST(ProcessStats, TellsTheMemoryOfAnotherProcess) {
  auto child = ChildProcess::start({.command = {"sleep", "1000"}});
  ASSERT_TRUE(child);
  const auto sample = sample_process(child->pid());
  ASSERT_TRUE(sample);
  EXPECT_EQ(sample->threads, 1U);
  EXPECT_GT(sample->rss_bytes, 0U);
  EXPECT_GT(sample->virtual_bytes, sample->rss_bytes);
}

TEST(ProcessStats, AnEndedProcessIsAFailure) {
  auto child = ChildProcess::start({.command = {"true"}});
  ASSERT_TRUE(child);
  const pid_t pid = child->pid();
  ASSERT_TRUE(child->wait(std::chrono::seconds{30}));
  EXPECT_FALSE(sample_process(pid));
}

TEST(ProcessStats, ThreadUsageLeavesOtherThreadsOut) {
  const auto before = thread_usage();
  std::thread([] { burn_cpu(std::chrono::milliseconds{20}); }).join();
  const auto own = thread_usage().cpu_time - before.cpu_time;
  EXPECT_LT(own, std::chrono::milliseconds{20});
}

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
