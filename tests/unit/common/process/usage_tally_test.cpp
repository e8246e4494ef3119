#include "common/process/usage_tally.hpp"

#include "common/process/child_process.hpp"
#include "tests/support/patience.hpp"
#include "tests/unit/common/process/start_shell.hpp"

#include <gtest/gtest.h>

#include <poll.h>
#include <sys/resource.h>
#include <unistd.h>
#include <chrono>
#include <latch>
#include <string>
#include <thread>

namespace waitlab {
namespace {

std::uint64_t switches(const ResourceUsage& usage) {
  return usage.voluntary_switches + usage.involuntary_switches;
}

TEST(UsageTally, CountsTheTimeOfChildrenThatHaveEnded) {
  // The shell itself does next to nothing; its child counts until it has taken a few hundredths of a second.
  ChildProcess shell = start_shell(
      "sh -c 'while read -r line </proc/$$/stat && set -- $line && [ ${14} -lt 5 ]; do :; done'; echo over;"
      "exec sleep 1000");
  ASSERT_EQ(shell.read_line(patience).value(), "over");
  EXPECT_GE(UsageTally().look({shell.pid()}).cpu_time, std::chrono::milliseconds(50));
}

/// Of this process, its ended threads included, as the kernel adds them up.
std::uint64_t switches_by_the_kernel() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::uint64_t>(usage.ru_nvcsw + usage.ru_nivcsw);
}

TEST(UsageTally, CountsTheSwitchesOfEveryThread) {
  UsageTally tally;
  const std::uint64_t before_first = switches_by_the_kernel();
  const std::uint64_t first = switches(tally.look({::getpid()}));
  const std::uint64_t after_first = switches_by_the_kernel();

  std::latch has_waited(1);
  std::latch over(1);
  const std::jthread other([&] {
    ::poll(nullptr, 0, 1);  // the kernel switches for this, if for nothing else
    has_waited.count_down();
    over.wait();
  });
  has_waited.wait();
  const std::uint64_t before_second = switches_by_the_kernel();
  const std::uint64_t second = switches(tally.look({::getpid()}));
  EXPECT_GE(second - first, before_second - after_first);
  EXPECT_LE(second - first, switches_by_the_kernel() - before_first);
  over.count_down();
}

TEST(UsageTally, RemembersTheSwitchesOfWhatHasEnded) {
  UsageTally tally;
  ChildProcess shell = start_shell("echo up; exec sleep 1000");
  ASSERT_TRUE(shell.read_line(patience));
  std::uint64_t seen = 0;
  while (seen == 0)
    seen = switches(tally.look({shell.pid()}));
  shell.stop(patience);
  EXPECT_EQ(switches(tally.look({shell.pid()})), seen);
}

}  // namespace
}  // namespace waitlab
