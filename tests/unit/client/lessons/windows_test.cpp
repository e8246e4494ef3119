#include "client/lessons/windows.hpp"

#include "common/process/machine.hpp"
#include "tests/unit/client/lessons/few_threads.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <system_error>
#include <vector>

namespace waitlab::client {
namespace {

using std::chrono::milliseconds;

WorkWindow window_of(std::vector<std::uint64_t> done) {
  WorkWindow window;
  window.asked = milliseconds(10);
  window.lasted = milliseconds(10);
  window.done = std::move(done);
  return window;
}

TEST(WorkWindow, CountsTheCallsOfEachThread) {
  std::vector<std::atomic<std::uint64_t>> calls(3);
  const WorkWindow window = work_for(milliseconds(2), 3, usable_cpus(), [&](unsigned thread) { ++calls[thread]; });
  ASSERT_EQ(window.done.size(), 3U);
  for (unsigned thread = 0; thread < 3; ++thread)
    EXPECT_EQ(window.done[thread], calls[thread]) << thread;
}

TEST(WorkWindow, LastsUntilTheSlowestIsDoneWithWhatItHadBegun) {
  using Clock = std::chrono::steady_clock;
  std::chrono::nanoseconds slow{0};
  const WorkWindow window = work_for(milliseconds(2), 2, usable_cpus(), [&](unsigned thread) {
    const auto begin = Clock::now();
    while (thread == 1 && Clock::now() - begin < milliseconds(5)) {
    }
    if (thread == 1) slow += Clock::now() - begin;
  });
  EXPECT_GE(window.lasted, slow);
}

#ifndef WAITLAB_SANITIZED
TEST(WorkWindow, CallsNobodyIfTheKernelGrantsFewerThreads) {
  std::atomic<unsigned> calls{0};
  const FewThreads few;
  EXPECT_THROW(work_for(milliseconds(2), FewThreads::many_threads, usable_cpus(), [&](unsigned) { ++calls; }),
               std::system_error);
  EXPECT_EQ(calls, 0U);
}
#endif

TEST(WorkWindow, TellsTheRateOfAllAndTheShareOfTheBusiest) {
  EXPECT_EQ(window_of({30, 10}).per_second(), 4000);
  EXPECT_EQ(window_of({30, 10}).largest_share(), 0.75);
  EXPECT_EQ(window_of({0, 0}).largest_share(), 0);
}

TEST(WorkWindow, GoesByCpuTimeWhereThreadsHaveOneCpu) {
  WorkWindow window = window_of({30, 10});
  window.used.cpu_time = milliseconds(5);
  window.one_cpu = true;
  EXPECT_EQ(window.per_second(), 8000);
}

TEST(WorkWindow, IsDisturbedByOthersThatHadTheCpu) {
  WorkWindow window = window_of({1, 1});
  window.without_cpu = milliseconds(3);
  EXPECT_TRUE(window.undisturbed());
  window.without_cpu = milliseconds(4);
  EXPECT_FALSE(window.undisturbed());
}

TEST(WorkWindow, IsDisturbedIfItTookMuchLongerThanAsked) {
  WorkWindow window = window_of({1, 1});
  window.lasted = milliseconds(16);
  EXPECT_FALSE(window.undisturbed());
}

TEST(WorkWindows, KeepOnlyTheUndisturbedUnlessThereAreNoOthers) {
  const auto good = [] { return window_of({2}); };
  unsigned calls = 0;
  const auto mixed = [&] {
    WorkWindow window = window_of({calls});
    if (++calls % 2 == 0) window.without_cpu = milliseconds(5);
    return window;
  };
  const auto taken = take_windows({good, mixed}, {.wanted = 3, .budget = std::chrono::seconds(3600)}, {});
  EXPECT_EQ(taken[0].made, 3U);
  EXPECT_EQ(taken[1].made, 5U);
  EXPECT_EQ(taken[1].kept.size(), 3U);
  EXPECT_EQ(taken[1].middle([](const WorkWindow& window) { return static_cast<double>(window.all_done()); }), 2);
  const auto all =
      take_windows({mixed}, {.wanted = 3, .budget = std::chrono::seconds(3600), .keep_disturbed = true}, {});
  EXPECT_EQ(all[0].made, 3U);
}

TEST(WorkWindows, EndWithTheBudgetAndWhenAskedTo) {
  const auto busy = [] {
    WorkWindow window = window_of({1});
    window.without_cpu = std::chrono::seconds(1);
    return window;
  };
  EXPECT_TRUE(take_windows({busy}, {.wanted = 1, .budget = milliseconds(1)}, {})[0].kept.empty());
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(take_windows({busy}, {.wanted = 1, .budget = std::chrono::seconds(3600)}, stop.get_token())[0].made, 0U);
}

TEST(CoresFirst, KeepAllCpus) {
  std::vector<int> cpus = usable_cpus();
  std::vector<int> ordered = cores_first(cpus);
  EXPECT_EQ(ordered.front(), cpus.front());
  std::ranges::sort(ordered);
  EXPECT_EQ(ordered, cpus);
  EXPECT_FALSE(have_cores_of_their_own(cpus, static_cast<unsigned>(cpus.size()) + 1));
}

}  // namespace
}  // namespace waitlab::client
