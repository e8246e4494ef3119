#include "client/stats/steadiness.hpp"

#include "client/check/stays.hpp"
#include "client/record/slice.hpp"
#include "client/stats/slice_series.hpp"
#include "tests/unit/client/exponential.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <map>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

/// Sixteen threads that a request holds for 50 ms on average, exponentially: busy for 94 % of the time at 300/s.
struct PoolRun {
  std::uint64_t seed = 0;
  nanoseconds length = 20s;
  double rate = 300;
  nanoseconds slow_from{0};
  nanoseconds slow_until{0};  ///< requests that come between both take `more`
  nanoseconds more{0};
};

RunSeries series_of(const PoolRun& run) {
  Exponential exponential(run.seed);
  constexpr nanoseconds warmup = 2s;
  FifoPool pool(16);
  std::map<std::uint64_t, Slice> slices;
  for (nanoseconds now = exponential(1 / run.rate); now < warmup + run.length; now += exponential(1 / run.rate)) {
    const nanoseconds hold = exponential(0.05);
    nanoseconds ended = pool.start(now, hold) + hold;
    if (now >= warmup + run.slow_from && now < warmup + run.slow_until) ended += run.more;
    if (now < warmup) continue;
    Slice& slice = slices[static_cast<std::uint64_t>((ended - warmup) / slice_width)];
    slice.response_time.record(ended - now);
    ++slice.ended;
  }
  SliceSeries series;
  for (auto& [index, slice] : slices) {
    slice.index = index;
    series.add(slice);
  }
  return series.response_times();
}

std::optional<Change> change_in(const PoolRun& run) {
  return find_change(series_of(run), {.window = run.length, .long_time = 300ms});
}

TEST(FindChange, SaysNothingOfAQueueThatWanders) {
  int found = 0;
  for (std::uint64_t seed = 0; seed < 100; ++seed)
    found += change_in({.seed = seed}) ? 1 : 0;
  EXPECT_LE(found, 5);
}

TEST(FindChange, FindsASlowBeginning) {
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    const auto change = change_in({.seed = seed, .rate = 200, .slow_until = 3s, .more = 100ms});
    ASSERT_TRUE(change) << seed;
    EXPECT_TRUE(change->begins_it);
    EXPECT_NEAR(std::chrono::duration<double>(change->length).count(), 3, 0.5);
    EXPECT_GT(change->p50, change->p50_else + 40ms);
  }
}

TEST(FindChange, FindsASlowEnd) {
  const auto change = change_in({.rate = 200, .slow_from = 15s, .slow_until = 20s, .more = 60ms});
  ASSERT_TRUE(change);
  EXPECT_FALSE(change->begins_it);
  EXPECT_NEAR(std::chrono::duration<double>(change->length).count(), 5, 0.5);
  EXPECT_GT(change->p50, change->p50_else);
}

TEST(FindChange, SaysNothingOfASmallChangeOrAShortRun) {
  EXPECT_FALSE(change_in({.rate = 200, .slow_until = 3s, .more = 5ms}));
  EXPECT_FALSE(change_in({.length = 2s, .rate = 200, .slow_until = 1s, .more = 60ms}));
  EXPECT_FALSE(find_change({}, {.window = 10s}));
}

}  // namespace
}  // namespace waitlab::client
