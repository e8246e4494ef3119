// What recording one value costs: our histogram against Boost.Histogram with the same buckets and with a logarithmic
// axis of the same precision. The values are exponential around 50 ms, drawn beforehand.

#include "common/histogram/hdr_histogram.hpp"

#include <benchmark/benchmark.h>

#include <boost/histogram.hpp>
#include <cmath>
#include <random>

namespace {

using std::chrono::nanoseconds;

constexpr std::size_t value_count = 4096;

std::vector<nanoseconds> holds() {
  std::mt19937_64 random{1};
  std::exponential_distribution<double> hold{1 / 50e6};
  std::vector<nanoseconds> values(value_count);
  for (auto& value : values)
    value = nanoseconds{std::llround(hold(random))};
  return values;
}

/// HdrHistogram's buckets as an axis of Boost.Histogram.
class HdrAxis {
 public:
  int size() const { return 24 * 1024; }

  int index(std::int64_t ns) const {
    const auto value = static_cast<std::uint64_t>(std::clamp<std::int64_t>(ns, 0, 3'600'000'000'000));
    const auto doubled = static_cast<unsigned>(std::bit_width(value | 2047u << 9)) - 20;
    return static_cast<int>(doubled * 1024 + (value >> (doubled + 9)));
  }
};

/// `record` puts one value into `histogram`, whose memory is kept up to date after each, as in a program.
template <class Histogram, class Record>
void measure(benchmark::State& state, Histogram histogram, Record record) {
  const auto values = holds();
  benchmark::DoNotOptimize(&histogram);
  for (std::size_t i = 0; auto _ : state) {
    record(histogram, values[i++ % value_count]);
    benchmark::ClobberMemory();
  }
}

void record_hdr_histogram(benchmark::State& state) {
  measure(state, waitlab::HdrHistogram{}, [](auto& histogram, nanoseconds value) { histogram.record(value); });
}

constexpr auto fill = [](auto& histogram, nanoseconds value) { histogram(value.count()); };

void record_boost_histogram_hdr_axis(benchmark::State& state) {
  using namespace boost::histogram;
  measure(state, make_histogram_with(dense_storage<std::uint64_t>{}, HdrAxis{}), fill);
}

void record_boost_histogram_log_axis(benchmark::State& state) {
  using namespace boost::histogram;
  const auto bins = static_cast<unsigned>(std::log(3.6e9) / std::log(1.001));
  measure(state,
          make_histogram_with(dense_storage<std::uint64_t>{},
                              axis::regular<double, axis::transform::log>{bins, 1e3, 3.6e12}),
          fill);
}

BENCHMARK(record_hdr_histogram);
BENCHMARK(record_boost_histogram_hdr_axis);
BENCHMARK(record_boost_histogram_log_axis);

}  // namespace
