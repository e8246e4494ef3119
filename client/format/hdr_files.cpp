#include "client/format/hdr_files.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

namespace waitlab::client {
namespace {

using Text = std::back_insert_iterator<std::string>;

constexpr std::array<const char*, 2> tag_names{"response_time", "service_time"};

void add_header(Text text, UtcTime begin, std::uint64_t timed_out) {
  const auto calendar = fmt::gmtime(std::chrono::system_clock::to_time_t(begin));
  fmt::format_to(text, "#[waitlab-client: histograms in nanoseconds, Interval_Max in milliseconds]\n");
  fmt::format_to(text, "#[Histogram log format version 1.3]\n");
  fmt::format_to(text, "#[StartTime: {:.3f} (seconds since epoch), {:%Y-%m-%dT%H:%M:%SZ}]\n",
                 std::chrono::duration<double>(begin.time_since_epoch()).count(), calendar);
  if (timed_out > 0)
    fmt::format_to(text, "#[{} of the response times are those of time-outs: lower bounds]\n", timed_out);
  fmt::format_to(text, "\"StartTimestamp\",\"Interval_Length\",\"Interval_Max\",\"Interval_Compressed_Histogram\"\n");
}

}  // namespace

void HdrLog::add(const Slice& slice) {
  Second& second = open(slice.index / slices_per_second);
  second[0].merge(slice.response_time.values);
  second[1].merge(slice.service_time.values);
  timed_out_ += slice.response_time.censored;
}

std::string HdrLog::text() const {
  std::string text;
  const auto out = std::back_inserter(text);
  add_header(out, begin_, timed_out_);
  std::map<std::uint64_t, LineEnds> seconds = closed_;
  for (const auto& [index, second] : open_)
    seconds[index] = line_ends(second);
  const LineEnds silent = line_ends({});
  const std::uint64_t end = seconds.empty() ? 0 : seconds.rbegin()->first + 1;
  for (std::uint64_t index = 0; index < end; ++index) {
    const auto found = seconds.find(index);
    const LineEnds& ends = found == seconds.end() ? silent : found->second;
    for (std::size_t tag = 0; tag < tags; ++tag)
      fmt::format_to(out, "Tag={},{}.000,1.000,{}\n", tag_names[tag], index, ends[tag]);
  }
  return text;
}

HdrLog::LineEnds HdrLog::line_ends(const Second& second) {
  LineEnds ends;
  std::transform(second.begin(), second.end(), ends.begin(), [](const HdrHistogram& times) {
    return fmt::format("{:.3f},{}", std::chrono::duration<double, std::milli>(times.max()).count(), times.encode());
  });
  return ends;
}

HdrLog::Second& HdrLog::open(std::uint64_t index) {
  const auto [place, is_new] = open_.try_emplace(index);
  if (!is_new) return place->second;
  if (const auto late = closed_.find(index); late != closed_.end()) {
    std::transform(late->second.begin(), late->second.end(), place->second.begin(), [](const std::string& end) {
      return HdrHistogram::decode(std::string_view(end).substr(end.find(',') + 1)).value();
    });
    closed_.erase(late);
  }
  if (open_.size() > most_open) {
    const auto oldest = open_.begin()->first == index ? std::next(open_.begin()) : open_.begin();
    closed_[oldest->first] = line_ends(oldest->second);
    open_.erase(oldest);
  }
  return place->second;
}

namespace {

// The percentile steps are those of HdrHistogram's PercentileIterator, the layout that of its
// AbstractHistogram.outputPercentileDistribution.

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
