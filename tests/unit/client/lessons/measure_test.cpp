#include "client/lessons/measure.hpp"

#include "common/process/machine.hpp"
#include "tests/unit/client/lessons/few_threads.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <system_error>

namespace waitlab::client {
namespace {

using std::chrono::nanoseconds;

TEST(TimeTogether, CallsItsWorkOnceForEachThreadOnTheseCpus) {
  std::atomic<unsigned> sum{0};
  std::atomic<unsigned> elsewhere{0};
  const std::vector<int> one{usable_cpus().front()};
  time_together(3, one, [&](unsigned number) {
    sum += 1U << number;
    if (usable_cpus() != one) ++elsewhere;
  });
  EXPECT_EQ(sum, 7U);
  EXPECT_EQ(elsewhere, 0U);
}

#ifndef WAITLAB_SANITIZED
TEST(TimeTogether, CallsNobodyIfTheKernelGrantsFewerThreads) {
  std::atomic<unsigned> calls{0};
  const FewThreads few;
  EXPECT_THROW(time_together(FewThreads::many_threads, usable_cpus(), [&](unsigned) { ++calls; }), std::system_error);
  EXPECT_EQ(calls, 0U);
}
#endif

TEST(MiddleOf, IsTheLowerOfBothInTheMiddle) {
  EXPECT_EQ(middle_of({nanoseconds(3), nanoseconds(1), nanoseconds(2)}), nanoseconds(2));
  EXPECT_EQ(middle_of({nanoseconds(4), nanoseconds(1), nanoseconds(2), nanoseconds(3)}), nanoseconds(2));
}

}  // namespace
}  // namespace waitlab::client
