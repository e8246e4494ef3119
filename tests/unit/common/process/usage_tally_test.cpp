#include "common/process/usage_tally.hpp"

#include "common/process/child_process.hpp"

#include <gtest/gtest.h>

#include <unistd.h>
#include <chrono>
#include <string>

namespace waitlab {
namespace {

constexpr std::chrono::seconds patience{30};

ChildProcess start(const std::string& script) {
  return ChildProcess::start({.command = {"/bin/sh", "-c", script}}).value();
}

std::uint64_t switches(const ResourceUsage& usage) {
  return usage.voluntary_switches + usage.involuntary_switches;
}

TEST(UsageTally, CountsTheTimeOfChildrenThatHaveEnded) {
  // The shell itself does next to nothing; its child counts until it has taken a few hundredths of a second.
  ChildProcess shell = start(
      "sh -c 'while read -r line </proc/$$/stat && set -- $line && [ ${14} -lt 5 ]; do :; done'; echo over;"
      "exec sleep 1000");
  ASSERT_EQ(shell.read_line(patience).value(), "over");
  EXPECT_GE(UsageTally().look({shell.pid()}).cpu_time, std::chrono::milliseconds(50));
}

TEST(UsageTally, CountsTheSwitchesOfEveryThread) {
  EXPECT_GT(switches(UsageTally().look({::getpid()})), 0U);
}

TEST(UsageTally, RemembersTheSwitchesOfWhatHasEnded) {
  UsageTally tally;
  ChildProcess shell = start("echo up; exec sleep 1000");
  ASSERT_TRUE(shell.read_line(patience));
  const std::uint64_t seen = switches(tally.look({shell.pid()}));
  EXPECT_GT(seen, 0U);
  shell.stop(patience);
  EXPECT_EQ(switches(tally.look({shell.pid()})), seen);
}

}  // namespace
}  // namespace waitlab
