#include "common/process/child_process.hpp"

#include "common/net/file_descriptor.hpp"
#include "common/process/machine.hpp"
#include "tests/support/patience.hpp"
#include "tests/support/temporary_file.hpp"
#include "tests/unit/common/process/as_nobody.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>
#include <csignal>
#include <cstdlib>

namespace waitlab {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::Not;

ChildProcess::Options shell(const std::string& script) {
  return {.command = {"/bin/sh", "-c", script}};
}

/// A line from a program that is expected to start and to print it.
std::string first_line(const ChildProcess::Options& options) {
  auto child = ChildProcess::start(options);
  if (!child) return child.error().message;
  const auto line = child->read_line(patience);
  return line ? *line : line.error().message;
}

TEST(ChildProcess, GivesLinesAsTheProgramPrintsThem) {
  auto child = ChildProcess::start(shell("echo one; echo; echo three; printf rest"));
  ASSERT_TRUE(child) << child.error().message;
  EXPECT_EQ(child->read_line(patience).value(), "one");
  EXPECT_EQ(child->read_line(patience).value(), "");
  EXPECT_EQ(child->read_line(patience).value(), "three");
  EXPECT_EQ(child->read_line(patience).value(), "rest");
  const auto end = child->read_line(patience);
  ASSERT_FALSE(end);
  EXPECT_THAT(end.error().message, HasSubstr("closed its output"));
}

TEST(ChildProcess, ReadLineGivesUpWhenPatienceRunsOut) {
  auto child = ChildProcess::start({.command = {"sleep", "1000"}});
  ASSERT_TRUE(child);
  const auto line = child->read_line(milliseconds{0});
  ASSERT_FALSE(line);
  EXPECT_THAT(line.error().message, HasSubstr("no line within"));
}

TEST(ChildProcess, FindsAProgramOnThePath) {
  EXPECT_EQ(first_line({.command = {"echo", "found"}}), "found");
}

TEST(ChildProcess, ReportsAProgramThatCannotBeExecuted) {
  const auto missing = ChildProcess::start({.command = {"/nonexistent/program"}});
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().message, HasSubstr("cannot start /nonexistent/program: No such file"));
  const auto folder = ChildProcess::start({.command = {"/tmp"}});
  ASSERT_FALSE(folder);
  EXPECT_THAT(folder.error().message, HasSubstr("Permission denied"));
  EXPECT_FALSE(ChildProcess::start({}));
}

TEST(ChildProcess, RunsInTheFolderItIsGiven) {
  ChildProcess::Options options = shell("pwd");
  options.directory = "/proc";
  EXPECT_EQ(first_line(options), "/proc");
  options.directory = "/nonexistent";
  EXPECT_THAT(first_line(options), HasSubstr("No such file or directory while entering its working directory"));
}

TEST(ChildProcess, AGivenVariableReplacesTheInheritedOne) {
  ASSERT_EQ(::setenv("CHILD_PROCESS_TEST", "ours", 1), 0);
  ChildProcess::Options options = shell("env | grep -c CHILD_PROCESS_TEST; echo $CHILD_PROCESS_TEST");
  options.environment = {"CHILD_PROCESS_TEST=given", "OTHER=1"};
  auto child = ChildProcess::start(options);
  ASSERT_TRUE(child) << child.error().message;
  EXPECT_EQ(child->read_line(patience).value(), "1");
  EXPECT_EQ(child->read_line(patience).value(), "given");
}

TEST(ChildProcess, StdoutMayGoTheWayOfStderr) {
  const TemporaryFile log(".log");
  ChildProcess::Options options = shell("echo out; echo err >&2");
  options.stderr_file = log.path();
  options.stdout_to_stderr = true;
  auto child = ChildProcess::start(options);
  ASSERT_TRUE(child) << child.error().message;
  EXPECT_FALSE(child->read_line(patience));
  EXPECT_EQ(child->wait(patience), 0);
  EXPECT_EQ(log.text(), "out\nerr\n");
}

TEST(ChildProcess, ReportsACpuThatDoesNotExist) {
  const auto child = ChildProcess::start({.command = {"true"}, .cpus = {1023}});
  ASSERT_FALSE(child);
  EXPECT_THAT(child.error().message, HasSubstr("pinning"));
}

TEST(ChildProcess, TellsTheExitCode) {
  auto child = ChildProcess::start(shell("exit 7"));
  ASSERT_TRUE(child);
  EXPECT_EQ(child->wait(patience), 7);
  EXPECT_EQ(child->exit_code(), 7);
}

TEST(ChildProcess, StopEndsAProgramWithSigterm) {
  auto child = ChildProcess::start({.command = {"sleep", "1000"}});
  ASSERT_TRUE(child);
  EXPECT_FALSE(child->exit_code());
  EXPECT_FALSE(child->wait(milliseconds{0}));
  EXPECT_EQ(child->stop(patience), 128 + SIGTERM);
}

TEST(ChildProcess, StopKillsAProgramThatIgnoresSigterm) {
  auto child = ChildProcess::start(shell("trap '' TERM; echo ready; exec sleep 1000"));
  ASSERT_TRUE(child);
  ASSERT_TRUE(child->read_line(patience));
  EXPECT_EQ(child->stop(milliseconds{0}), 128 + SIGKILL);
}

TEST(ChildProcess, StopGivesUpOnAProgramOfAnotherUser) {
  auto child = ChildProcess::start({.command = {"sleep", "1000"}});
  ASSERT_TRUE(child);
  {
    const AsNobody nobody;
    if (!nobody.changed()) GTEST_SKIP() << "only root can be another user";
    EXPECT_EQ(child->stop(milliseconds{0}), std::nullopt);
  }
  EXPECT_FALSE(child->exit_code());
  EXPECT_EQ(child->stop(patience), 128 + SIGTERM);
}

TEST(ChildProcess, DestroyingItEndsTheProgram) {
  pid_t pid = 0;
  {
    auto child = ChildProcess::start({.command = {"sleep", "1000"}});
    ASSERT_TRUE(child);
    pid = child->pid();
    EXPECT_EQ(::kill(pid, 0), 0);
  }
  EXPECT_EQ(::kill(pid, 0), -1);
}

TEST(ChildProcess, TheProgramEndsWhenItsStarterIsKilled) {
  // The program holds the pipe's write end as its stderr: the end of the pipe tells that it ended too.
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  const FileDescriptor read_end(ends[0]);
  FileDescriptor write_end(ends[1]);
  const pid_t starter = ::fork();
  if (starter == 0) {
    auto child = ChildProcess::start(
        {.command = {"sleep", "1000"}, .stderr_file = "/proc/self/fd/" + std::to_string(write_end.get())});
    ::_exit(child && ::kill(::getpid(), SIGKILL) == 0 ? 0 : 1);
  }
  write_end.reset();
  pollfd entry{.fd = read_end.get(), .events = POLLIN, .revents = 0};
  EXPECT_EQ(::poll(&entry, 1, 30'000), 1);
  EXPECT_TRUE(entry.revents & POLLHUP);
  EXPECT_EQ(::waitpid(starter, nullptr, 0), starter);
}

TEST(ChildProcess, InheritsNoDescriptorButTheStandardThree) {
  const FileDescriptor inheritable(::fcntl(STDERR_FILENO, F_DUPFD, 100));
  ASSERT_GE(inheritable.get(), 100);
  const std::string open_files = first_line(shell("echo /proc/$$/fd/*"));
  EXPECT_THAT(open_files, HasSubstr("/fd/2"));
  EXPECT_THAT(open_files, Not(HasSubstr("/fd/" + std::to_string(inheritable.get()))));
}

TEST(ChildProcess, LeavesWaitlabVariablesBehindUnlessAskedFor) {
  ::setenv("WAITLAB_STRATEGY", "event-loop", 1);
  auto options = shell("echo \"[$WAITLAB_STRATEGY]\"");
  EXPECT_EQ(first_line(options), "[]");
  options.keep_waitlab_environment = true;
  EXPECT_EQ(first_line(options), "[event-loop]");
  ::unsetenv("WAITLAB_STRATEGY");
}

TEST(ChildProcess, StartsWithNoSignalBlockedOrIgnored) {
  sigset_t block;
  sigemptyset(&block);
  sigaddset(&block, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &block, nullptr);
  const auto before = ::signal(SIGPIPE, SIG_IGN);
  const std::string masks = first_line({.command = {"sed", "-n", "/SigBlk/{N;s/\\n/ /;p;}", "/proc/self/status"}});
  ::signal(SIGPIPE, before);
  pthread_sigmask(SIG_UNBLOCK, &block, nullptr);
  EXPECT_EQ(masks, "SigBlk:\t0000000000000000 SigIgn:\t0000000000000000");
}

TEST(ChildProcess, RunsOnTheCpusItWasGiven) {
  const int cpu = usable_cpus().back();
  ChildProcess::Options options{.command = {"sed", "-n", "s/Cpus_allowed_list:\\t//p", "/proc/self/status"}};
  options.cpus = {cpu};
  EXPECT_EQ(first_line(options), std::to_string(cpu));
}

TEST(ChildProcess, WritesStderrToTheFile) {
  const TemporaryFile file(".txt");
  auto options = shell("echo trouble >&2");
  options.stderr_file = file.path();
  auto child = ChildProcess::start(options);
  ASSERT_TRUE(child);
  EXPECT_EQ(child->wait(patience), 0);
  EXPECT_EQ(file.text(), "trouble\n");
  options.stderr_file = "/nonexistent/folder/file";
  EXPECT_FALSE(ChildProcess::start(options));
}

TEST(ChildProcess, MovesWithItsProgram) {
  auto first = ChildProcess::start(shell("echo moved; exit 3"));
  ASSERT_TRUE(first);
  ChildProcess second = std::move(*first);
  EXPECT_EQ(second.read_line(patience).value(), "moved");
  EXPECT_EQ(second.wait(patience), 3);
}

}  // namespace
}  // namespace waitlab
