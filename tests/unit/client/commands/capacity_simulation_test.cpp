// Searches of a queue whose capacity theory knows.

#include "client/commands/capacity_search.hpp"

#include "client/check/stays.hpp"
#include "client/record/slice.hpp"
#include "client/stats/slice_series.hpp"
#include "tests/unit/client/exponential.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <map>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

/// Sixteen threads, each of which a request holds for 50 ms on average, exponentially. At 291/s the 90th percentile of
/// its response times is 150 ms in steady state (Erlang-C).
class SixteenThreads {
 public:
  explicit SixteenThreads(std::uint64_t seed) : exponential_(seed) {}

  /// From empty on, as a probe of the client does it.
  LoadResult probe(double rate, unsigned length) {
    const nanoseconds warmup = length * 1s;
    const nanoseconds window = length * 5s;
    LoadResult result;
    result.offered_rate = rate;
    result.window = window;
    std::map<std::uint64_t, Slice> slices;
    FifoPool pool(16);
    for (nanoseconds now = exponential_(1 / rate); now < warmup + window; now += exponential_(1 / rate)) {
      const nanoseconds hold = exponential_(0.05);
      const nanoseconds ended = pool.start(now, hold) + hold;
      if (ended >= warmup + window / 2 && ended < warmup + window) ++result.record.second_half.completed;
      if (now < warmup) continue;
      if (now >= warmup + window / 2) ++result.record.second_half.due;
      result.record.begin();
      result.record.complete({.intended = now, .sent = now, .ended = ended}, 200);
      slices[static_cast<std::uint64_t>((ended - warmup) / slice_width)].response_time.record(ended - now);
    }
    result.record.response_time.effective_samples = effective_samples(slices, result.record.response_time);
    return result;
  }

 private:
  static EffectiveSamples effective_samples(std::map<std::uint64_t, Slice>& slices, const CensoredHistogram& whole) {
    SliceSeries series;
    for (auto& [index, slice] : slices) {
      slice.index = index;
      series.add(slice);
    }
    return series.effective_response_samples(whole);
  }

  Exponential exponential_;
};

TEST(CapacityOfAQueue, IsFoundCloseToWhatTheoryExpects) {
  constexpr double expected = 291;
  const std::vector<Threshold> thresholds{parse_threshold("p90<150ms").value()};
  std::array<double, 10> found{};
  for (std::uint64_t seed = 0; seed < found.size(); ++seed) {
    SixteenThreads threads(seed);
    CapacitySearch search({.from = 10, .most = 2000, .precision = 0.05});
    while (search.next())
      search.feed(judge_probe(threads.probe(*search.next(), search.length()), thresholds));
    found[seed] = search.highest_passed().value_or(0);
  }
  std::ranges::sort(found);
  const double median = (found[4] + found[5]) / 2;
  EXPECT_NEAR(median, expected, 0.05 * expected) << testing::PrintToString(found);
  EXPECT_GE(found.front(), 0.8 * expected) << testing::PrintToString(found);
  EXPECT_LE(found.back(), 1.1 * expected) << testing::PrintToString(found);
}

}  // namespace
}  // namespace waitlab::client
