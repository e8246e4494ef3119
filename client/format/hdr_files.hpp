#pragma once

#include "client/record/load_record.hpp"
#include "client/record/slice.hpp"
#include "client/record/utc_now.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

namespace waitlab::client {

/// A run's times second by second, as an HdrHistogram log (format version 1.3): one line a second for each of the tags
/// `response_time` and `service_time`, seconds without responses included. Its histograms are in nanoseconds, its
/// `Interval_Max` in milliseconds, as the Java library writes it; timed-out requests count as the least they took,
/// and a comment line says how many there are.
///
/// Slices of several threads may come in any order. Only the newest seconds are kept as histograms, the others as the
/// text they will become: 2 MiB at most, and some kB for each second. A slice costs some ten us, a late one some ms.
/// Not thread-safe.
class HdrLog {
 public:
  /// `begin`: the end of the warm-up, when slice 0 begins.
  explicit HdrLog(UtcTime begin) : begin_(begin) {}

  void add(const Slice& slice);

  /// The log of all that was added so far.
  std::string text() const;

 private:
  static constexpr std::size_t tags = 2;  ///< response time, service time
  using Second = std::array<HdrHistogram, tags>;
  using LineEnds = std::array<std::string, tags>;  ///< of a second's lines: Interval_Max and the histogram
  static constexpr std::size_t most_open = 4;

  static LineEnds line_ends(const Second& second);
  Second& open(std::uint64_t index);

  UtcTime begin_;
  std::uint64_t timed_out_ = 0;
  std::map<std::uint64_t, Second> open_;  ///< by seconds since `begin_`
  std::map<std::uint64_t, LineEnds> closed_;
};

/// The percentile distribution of a histogram as an `.hgrm` file, line by line what HdrHistogram's
/// outputPercentileDistribution prints with 5 ticks to each half distance: values in milliseconds (a scaling ratio of
/// 1,000,000), each with the share of the values that are no higher. It can be plotted by HdrHistogram's own tools.
std::string hgrm_text(const HdrHistogram& histogram);

/// The same, with comment lines at its end that tell of timed-out and unfinished requests, if there are any.
std::string hgrm_text(const CensoredHistogram& times);

}  // namespace waitlab::client
