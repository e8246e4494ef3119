#include "common/process/proc_files.hpp"

#include "common/process/child_process.hpp"

#include <gtest/gtest.h>

#include <unistd.h>
#include <ctime>

namespace waitlab {
namespace {

std::chrono::nanoseconds since_boot() {
  timespec time{};
  ::clock_gettime(CLOCK_BOOTTIME, &time);
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

TEST(ProcStat, TellsOfThisProcess) {
  const auto stat = read_proc_stat(::getpid());
  ASSERT_TRUE(stat);
  EXPECT_EQ(stat->parent, ::getppid());
  EXPECT_FALSE(stat->has_ended());
  EXPECT_GT(stat->started, std::chrono::nanoseconds(0));
  EXPECT_LE(stat->started, since_boot());
}

TEST(ProcStat, TellsOfAProcessWhoseNameHoldsBracketsAndSpaces) {
  ChildProcess odd = ChildProcess::start({.command = {"/usr/bin/python3", "-c",
                                                      "import signal; open('/proc/self/comm', 'w').write(') R 1 (x'); "
                                                      "print('named', flush=True); signal.pause()"}})
                         .value();
  ASSERT_EQ(odd.read_line(std::chrono::seconds(30)).value(), "named");
  EXPECT_EQ(read_proc_stat(odd.pid()).value().parent, ::getpid());
}

TEST(ProcStat, TellsNothingOfAProcessThatIsNotThere) {
  EXPECT_FALSE(read_proc_stat(-1));
}

}  // namespace
}  // namespace waitlab
