#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace waitlab::client {

/// A stretch of time over which the offered rate changes evenly, or stays.
struct RateSegment {
  double from = 0;  ///< per second, above 0
  double to = 0;
  std::chrono::nanoseconds duration{0};  ///< above 0
};

/// The offered rate over time and its integral, the arrivals expected up to a moment: a process of any rate is one of
/// rate 1 in that scale (time-rescaling). Before the first segment, in a warm-up, and after the last, the rate stays as
/// at its edge. Immutable, so safe to share.
class RateCurve {
 public:
  /// A constant rate.
  explicit RateCurve(double per_second);
  /// At least one segment; they begin `warmup` after the start.
  RateCurve(const std::vector<RateSegment>& segments, std::chrono::nanoseconds warmup);

  /// The time from the start by which `arrivals` are expected; the inverse of `expected`. Rounded down to a nanosecond;
  /// exact for a constant rate and arrivals below 1.8e10.
  std::chrono::nanoseconds time_at(long double arrivals) const noexcept;
  /// Arrivals expected from the start to this moment.
  double expected(std::chrono::nanoseconds offset) const noexcept;
  double rate_at(std::chrono::nanoseconds offset) const noexcept;
  /// The segment of a moment; the warm-up belongs to the first, and the time after the last segment to the last.
  std::size_t segment_at(std::chrono::nanoseconds offset) const noexcept;

 private:
  struct Piece {
    long double begin_s;     ///< from the start
    long double duration_s;  ///< infinite for the last
    long double before;      ///< arrivals expected up to its begin
    long double from;        ///< rate at its begin, per second
    long double slope;       ///< its change, per second squared
  };

  const Piece& piece_at(long double seconds) const noexcept;

  std::vector<Piece> pieces_;
  std::vector<std::chrono::nanoseconds> begins_;  ///< of each segment
};

/// A rate that rises or falls evenly, as `parts` segments of equal length: at least 1.
std::vector<RateSegment> ramp(double from, double to, std::chrono::nanoseconds duration, unsigned parts);

}  // namespace waitlab::client
