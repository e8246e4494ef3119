#include "common/process/process_tree.hpp"

#include "common/process/child_process.hpp"
#include "tests/support/patience.hpp"
#include "tests/unit/common/process/as_nobody.hpp"
#include "tests/unit/common/process/start_shell.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/wait.h>
#include <unistd.h>
#include <chrono>
#include <csignal>
#include <optional>
#include <string>

namespace waitlab {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

/// A shell with two children, of which one has a child of its own. That one prints a line once all of them are there:
/// it is the last to be started.
constexpr const char* family = "sleep 1000 & sh -c 'sleep 1000 & echo up; wait' & wait";

/// Whether it comes to its end: what has been killed still has to get to that.
bool ends(pid_t pid) {
  const auto end = std::chrono::steady_clock::now() + patience;
  while (!process_tree(pid).empty()) {
    if (std::chrono::steady_clock::now() > end) return false;
  }
  return true;
}

TEST(ProcessTree, HoldsAllThatAProcessStarted) {
  ChildProcess shell = start_shell(family);
  ASSERT_EQ(shell.read_line(patience).value(), "up");
  EXPECT_THAT(process_tree(shell.pid()), Contains(shell.pid()));
  EXPECT_GE(process_tree(shell.pid()).size(), 3U);
  const CommandTree rest;  // so that nothing is left of it: the shell alone is stopped
  shell.stop(patience);
}

TEST(ProcessTree, OfAnEndedProcessIsEmpty) {
  ChildProcess child = start_shell("exit 0");
  child.wait(patience);
  EXPECT_THAT(process_tree(child.pid()), IsEmpty());
  EXPECT_FALSE(sample_processes({child.pid()}));
}

TEST(ProcessTree, AddsUpWhatItsProcessesTake) {
  ChildProcess one = start_shell("echo up; exec sleep 1000");
  ChildProcess other = start_shell("echo up; exec sleep 1000");
  ASSERT_TRUE(one.read_line(patience));
  ASSERT_TRUE(other.read_line(patience));
  const auto of_one = sample_processes({one.pid()});
  const auto of_both = sample_processes({one.pid(), other.pid()});
  ASSERT_TRUE(of_one && of_both);
  EXPECT_EQ(of_one->threads, 1U);
  EXPECT_EQ(of_both->threads, 2U);
}

TEST(ProcessTree, CountsMemoryThatItsProcessesShareOnce) {
  ChildProcess one = start_shell("echo up; exec sleep 1000");
  ChildProcess other = start_shell("echo up; exec sleep 1000");
  ASSERT_TRUE(one.read_line(patience));
  ASSERT_TRUE(other.read_line(patience));
  const auto of_one = sample_processes({one.pid()});
  const auto of_both = sample_processes({one.pid(), other.pid()});
  ASSERT_TRUE(of_one && of_both);
  EXPECT_GT(of_both->rss_bytes, 0U);
  EXPECT_LT(of_both->rss_bytes, 2 * of_one->rss_bytes) << "both have the C library";
}

TEST(CommandTree, FindsWhatHidesInASessionOfItsOwn) {
  std::optional<CommandTree> tree(std::in_place);
  ChildProcess shell = start_shell("setsid sh -c 'echo up; exec sleep 1000' & exit 0");
  ASSERT_EQ(shell.read_line(patience).value(), "up");
  ASSERT_EQ(shell.wait(patience), 0);
  const auto left = tree->processes();
  ASSERT_THAT(left, SizeIs(1));
  tree.reset();
  EXPECT_EQ(::kill(left.front(), 0), -1);
  EXPECT_EQ(errno, ESRCH);
}

TEST(CommandTree, TellsWhatItCannotEnd) {
  CommandTree tree;
  ChildProcess child = start_shell("exec sleep 1000");
  {
    const AsNobody nobody;
    if (!nobody.changed()) GTEST_SKIP() << "only root can be another user";
    const auto ended = tree.end();
    ASSERT_FALSE(ended);
    EXPECT_EQ(ended.error().message,
              "process " + std::to_string(child.pid()) + " can't be ended: it runs as another user");
  }
  EXPECT_FALSE(child.exit_code());
  child.stop(patience);
  EXPECT_TRUE(tree.end());
}

TEST(Descendants, AreAllKilled) {
  ChildProcess shell = start_shell(std::string("trap '' TERM; ") + family);
  ASSERT_EQ(shell.read_line(patience).value(), "up");
  const auto all = process_tree(shell.pid());
  EXPECT_GE(all.size(), 3U);
  kill_descendants();
  for (const pid_t pid : all)
    EXPECT_TRUE(ends(pid));
}

TEST(CommandTree, WaitsForWhatTheCommandLeftBehindAsItEnds) {
  while (::waitpid(-1, nullptr, WNOHANG) > 0) {  // what other tests in this process left
  }
  CommandTree tree;
  ChildProcess shell = start_shell("(true &); echo up; exec sleep 1000");
  tree.set_command(shell.pid());
  ASSERT_EQ(shell.read_line(patience).value(), "up");
  siginfo_t orphan{};
  ASSERT_EQ(::waitid(P_ALL, 0, &orphan, WEXITED | WNOWAIT), 0);
  ASSERT_NE(orphan.si_pid, shell.pid());
  EXPECT_THAT(tree.processes(), ElementsAre(shell.pid()));
  EXPECT_EQ(::kill(orphan.si_pid, 0), -1) << "nothing is left of it";
  shell.signal(SIGKILL);
  ASSERT_EQ(::waitid(P_PID, static_cast<id_t>(shell.pid()), &orphan, WEXITED | WNOWAIT), 0);
  EXPECT_THAT(tree.processes(), IsEmpty());
  EXPECT_EQ(shell.exit_code(), 128 + SIGKILL) << "how the command itself ended can still be told";
}

TEST(CommandTree, KillsTheWholeFamilyAndSparesOthers) {
  ChildProcess other = start_shell("exec sleep 1000");
  std::optional<CommandTree> tree(std::in_place);
  ChildProcess shell = start_shell(std::string("trap '' TERM; ") + family);
  ASSERT_EQ(shell.read_line(patience).value(), "up");
  const auto all = tree->processes();
  EXPECT_GE(all.size(), 3U);
  EXPECT_THAT(all, testing::Not(Contains(other.pid())));
  shell.stop(std::chrono::milliseconds(0));
  tree.reset();
  for (const pid_t pid : all)
    EXPECT_THAT(process_tree(pid), IsEmpty());
  EXPECT_FALSE(other.exit_code());
}

}  // namespace
}  // namespace waitlab
