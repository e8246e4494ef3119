#include "client/lessons/threads_and_processes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

namespace waitlab::client {
namespace {

using std::chrono::microseconds;
using testing::HasSubstr;
using testing::Not;

StartSeen start_of(microseconds cpu_time) {
  return {.elapsed = microseconds(70), .cpu_time = cpu_time};
}

WorkersSeen workers_seen() {
  WorkersSeen seen;
  seen.thread = {start_of(microseconds(40)), start_of(microseconds(40)), 1, Bystander::died};
  seen.process = {start_of(microseconds(200)), start_of(microseconds(3600)), 0, Bystander::lives};
  return seen;
}

TEST(ThreadsAndProcesses, AProcessIsDearerFromOneAndAHalfTimes) {
  WorkersSeen seen = workers_seen();
  EXPECT_EQ(threads_and_processes_answer(seen), "dearer");
  seen.process.start = start_of(microseconds(61));
  EXPECT_EQ(threads_and_processes_answer(seen), "dearer");
  seen.process.start = start_of(microseconds(60));
  EXPECT_EQ(threads_and_processes_answer(seen), "same");
}

TEST(ThreadsAndProcesses, WhoDiesWithWhomMakesTheAnswer) {
  WorkersSeen seen = workers_seen();
  seen.thread.bystander = Bystander::lives;
  EXPECT_EQ(threads_and_processes_answer(seen), "alone");
  seen.process.bystander = Bystander::died;
  EXPECT_EQ(threads_and_processes_answer(seen), "");
  seen.thread.bystander = Bystander::died;
  EXPECT_EQ(threads_and_processes_answer(seen), "both");
}

TEST(ThreadsAndProcesses, WithoutProcessesThereIsNoAnswer) {
  WorkersSeen seen = workers_seen();
  seen.process = {};
  EXPECT_EQ(threads_and_processes_answer(seen), "");
  EXPECT_EQ(threads_and_processes_conclusion(seen), "");
}

TEST(ThreadsAndProcesses, TellWhatWasSeen) {
  const std::string text = threads_and_processes_conclusion(workers_seen());
  EXPECT_THAT(text, HasSubstr("To start and end a process took 5.0 times the CPU time of a thread."));
  EXPECT_THAT(text, HasSubstr("With 256 MiB in use a process took 18 times as much as before"));
  EXPECT_THAT(text, HasSubstr("a process has its own copy of it"));
  EXPECT_THAT(text, HasSubstr("A crash ends a process with all of its threads, and no other process."));
  EXPECT_THAT(text, Not(HasSubstr("Here")));
}

TEST(ThreadsAndProcesses, SayWhereTheMachineContradictsWhatIsSaid) {
  WorkersSeen seen = workers_seen();
  seen.process.start = start_of(microseconds(40));
  seen.process.beside_memory = start_of(microseconds(44));
  seen.process.global = 1;
  seen.thread.bystander = Bystander::lives;
  const std::string text = threads_and_processes_conclusion(seen);
  EXPECT_THAT(text, HasSubstr("Here to start and end a process took 1.0 times"));
  EXPECT_THAT(text, HasSubstr("Here with 256 MiB in use a process took 1.1 times as much"));
  EXPECT_THAT(text, HasSubstr("Here memory was not shared as it should be"));
  EXPECT_THAT(text, HasSubstr("Here a crash did not end its process"));
}

TEST(Crash, OfAThreadEndsTheOtherThreadAndOfAProcessOnlyItself) {
  EXPECT_EQ(crash_beside(Crash::thread), Bystander::died);
  EXPECT_EQ(crash_beside(Crash::process), Bystander::lives);
}

}  // namespace
}  // namespace waitlab::client
