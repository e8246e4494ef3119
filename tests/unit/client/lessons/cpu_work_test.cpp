#include "client/lessons/cpu_work.hpp"
#include "common/process/process_stats.hpp"

#include <gtest/gtest.h>

namespace waitlab::client {
namespace {

TEST(CpuWork, OfTheSameSeedAndUnitsComesToTheSame) {
  CpuWork one(1);
  CpuWork same(1);
  CpuWork other(2);
  one.do_units(3);
  same.do_units(1);
  same.do_units(2);
  other.do_units(3);
  EXPECT_EQ(one.result(), same.result());
  EXPECT_NE(one.result(), other.result());
}

TEST(CpuWork, EachUnitChangesWhatComesOfIt) {
  CpuWork work(1);
  const auto before = work.result();
  work.do_units(1);
  EXPECT_NE(work.result(), before);
}

TEST(CpuWork, TakesCpuTimeOfItsThread) {
  CpuWork work(1);
  const auto before = thread_cpu_time();
  work.do_units(100);
  EXPECT_GT(thread_cpu_time(), before);
}

TEST(CpuWork, ThereIsAtLeastAUnitOfWork) {
  EXPECT_EQ(units_of_work(std::chrono::nanoseconds(0)), 1U);
}

}  // namespace
}  // namespace waitlab::client
