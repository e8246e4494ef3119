// The percentile steps are those of HdrHistogram's PercentileIterator, the layout that of its
// AbstractHistogram.outputPercentileDistribution.

#include "client/format/hgrm_text.hpp"

#include <fmt/format.h>

#include <cmath>
#include <iterator>

namespace waitlab::client {
namespace {

using Text = std::back_insert_iterator<std::string>;

constexpr double ticks_per_half_distance = 5;

// Of the one layout there is (hdr_histogram.hpp), as HdrHistogram counts it: 1 us to 1 h at 3 digits.
constexpr int buckets = 23;
constexpr int sub_buckets = 2048;

double in_ms(std::chrono::nanoseconds time) {
  return std::chrono::duration<double, std::milli>(time).count();
}

/// A level in percent as the share that is printed. Java rounds halves up, fmt to even; this is a hair more than half.
double share_of(double level) {
  return std::nextafter(level / 100.0, 1.0);
}

/// The next level in percent: an equal step for as long as half of what was left to 100 is not used up.
double level_after(double level) {
  const double half_distances = std::floor(std::log(100.0 / (100.0 - level)) / std::log(2.0)) + 1;
  return level + 100.0 / (ticks_per_half_distance * std::exp2(half_distances));
}

void add_levels(Text text, const HdrHistogram& histogram) {
  double level = 0;
  std::uint64_t passed = 0;
  histogram.for_each_bucket([&](const HdrHistogram::Bucket& bucket) {
    passed += bucket.count;
    const double share = 100.0 * static_cast<double>(passed) / static_cast<double>(histogram.count());
    while (share >= level) {
      fmt::format_to(text, "{:12.3f} {:2.12f} {:10} {:14.2f}\n", in_ms(bucket.highest), share_of(level), passed,
                     1 / (1 - level / 100.0));
      level = level_after(level);
      if (passed == histogram.count()) break;
    }
  });
  if (passed == 0) return;
  fmt::format_to(text, "{:12.3f} {:2.12f} {:10}\n", in_ms(histogram.max()), 1.0, passed);
}

double standard_deviation_ns(const HdrHistogram& histogram) {
  if (histogram.count() == 0) return 0;
  const double mean = histogram.mean_ns();
  double squares = 0;
  histogram.for_each_bucket([&](const HdrHistogram::Bucket& bucket) {
    const auto middle = bucket.lowest + (bucket.highest + std::chrono::nanoseconds(1) - bucket.lowest) / 2;
    const double deviation = static_cast<double>(middle.count()) - mean;
    squares += deviation * deviation * static_cast<double>(bucket.count);
  });
  return std::sqrt(squares / static_cast<double>(histogram.count()));
}

}  // namespace

std::string hgrm_text(const HdrHistogram& histogram) {
  std::string text;
  const auto out = std::back_inserter(text);
  fmt::format_to(out, "{:>12} {:>14} {:>10} {:>14}\n\n", "Value", "Percentile", "TotalCount", "1/(1-Percentile)");
  add_levels(out, histogram);
  fmt::format_to(out, "#[Mean    = {:12.3f}, StdDeviation   = {:12.3f}]\n", histogram.mean_ns() / 1e6,
                 standard_deviation_ns(histogram) / 1e6);
  fmt::format_to(out, "#[Max     = {:12.3f}, Total count    = {:12}]\n", in_ms(histogram.max()), histogram.count());
  fmt::format_to(out, "#[Buckets = {:12}, SubBuckets     = {:12}]\n", buckets, sub_buckets);
  return text;
}

std::string hgrm_text(const CensoredHistogram& times) {
  std::string text = hgrm_text(times.values);
  const auto out = std::back_inserter(text);
  if (times.censored > 0) {
    fmt::format_to(out, "#[Timed out = {:10}: from {:.3f} on, values are lower bounds]\n", times.censored,
                   in_ms(times.least_censored));
  }
  if (times.unfinished > 0)
    fmt::format_to(out, "#[Unfinished = {:9}: none of the values is theirs]\n", times.unfinished);
  return text;
}

}  // namespace waitlab::client
