#pragma once

#include "common/result.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace waitlab {

/// A High Dynamic Range histogram of durations: 1 us to 1 h at 3 significant digits, in the layout of Gil Tene's
/// HdrHistogram, so that its encodings can be read by any implementation. Values are recorded in nanoseconds. Values
/// above the range are clamped into the last bucket and counted in `saturated()`. Not thread-safe; one per thread, then
/// `merge`, which is exact.
class HdrHistogram {
 public:
  HdrHistogram();

  void record(std::chrono::nanoseconds value) noexcept;
  void merge(const HdrHistogram& other) noexcept;
  void clear() noexcept;

  std::uint64_t count() const noexcept;
  std::uint64_t saturated() const noexcept;
  std::chrono::nanoseconds min() const noexcept;
  std::chrono::nanoseconds max() const noexcept;
  double mean_ns() const noexcept;

  /// The highest value equivalent to the one at `quantile` in [0, 1] (HdrHistogram's getValueAtPercentile).
  std::chrono::nanoseconds value_at(double quantile) const noexcept;

  /// The V2 encoding, zlib-compressed and in base64: what an `.hlog` line and a result file hold.
  std::string encode() const;
  static Result<HdrHistogram> decode(std::string_view base64);

 private:
  std::vector<std::uint64_t> counts_;
  std::uint64_t total_ = 0;
  std::uint64_t saturated_ = 0;
  std::int64_t min_ns_;
  std::int64_t max_ns_ = 0;
};

}  // namespace waitlab
