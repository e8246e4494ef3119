#include "client/schedule/rate_curve.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace waitlab::client {
namespace {

using std::chrono::nanoseconds;

constexpr long double endless = std::numeric_limits<long double>::infinity();
constexpr long double nanoseconds_per_second = 1e9L;

long double seconds(nanoseconds time) {
  return static_cast<long double>(time.count()) / nanoseconds_per_second;
}

/// When a process whose rate begins with `from` and changes by `slope` has had `arrivals`, in nanoseconds. The 64-bit
/// mantissa of x86's long double holds arrivals * 1e9 exactly, which leaves one rounded division where the rate stays.
long double nanoseconds_for(long double arrivals, long double from, long double slope) {
  if (slope == 0) return arrivals * nanoseconds_per_second / from;
  const long double end_rate = std::sqrt(std::max(from * from + 2 * slope * arrivals, 0.0L));
  return 2 * arrivals / (from + end_rate) * nanoseconds_per_second;
}

}  // namespace

RateCurve::RateCurve(double per_second) : pieces_{{0, endless, 0, per_second, 0}}, begins_{nanoseconds(0)} {}

RateCurve::RateCurve(const std::vector<RateSegment>& segments, nanoseconds warmup) {
  long double before = 0;
  nanoseconds begin{0};
  const auto add = [&](double from, double to, nanoseconds duration) {
    const long double lasts = seconds(duration);
    pieces_.push_back({seconds(begin), lasts, before, from, (static_cast<long double>(to) - from) / lasts});
    before += (static_cast<long double>(from) + to) / 2 * lasts;
    begin += duration;
  };
  if (warmup > nanoseconds(0)) add(segments.front().from, segments.front().from, warmup);
  for (const RateSegment& segment : segments) {
    begins_.push_back(begin);
    add(segment.from, segment.to, segment.duration);
  }
  pieces_.push_back({seconds(begin), endless, before, segments.back().to, 0});
}

nanoseconds RateCurve::time_at(long double arrivals) const noexcept {
  const auto later = std::upper_bound(pieces_.begin() + 1, pieces_.end(), arrivals,
                                      [](long double wanted, const Piece& piece) { return wanted < piece.before; });
  const Piece& piece = *std::prev(later);
  const long double within = nanoseconds_for(arrivals - piece.before, piece.from, piece.slope);
  return nanoseconds(static_cast<std::int64_t>(piece.begin_s * nanoseconds_per_second + within));
}

double RateCurve::expected(nanoseconds offset) const noexcept {
  const Piece& piece = piece_at(seconds(offset));
  const long double within = seconds(offset) - piece.begin_s;
  return static_cast<double>(piece.before + within * (piece.from + piece.slope * within / 2));
}

double RateCurve::rate_at(nanoseconds offset) const noexcept {
  const Piece& piece = piece_at(seconds(offset));
  return static_cast<double>(piece.from + piece.slope * (seconds(offset) - piece.begin_s));
}

std::size_t RateCurve::segment_at(nanoseconds offset) const noexcept {
  const auto later = std::upper_bound(begins_.begin() + 1, begins_.end(), offset);
  return static_cast<std::size_t>(later - begins_.begin()) - 1;
}

const RateCurve::Piece& RateCurve::piece_at(long double at_s) const noexcept {
  const auto later = std::upper_bound(pieces_.begin() + 1, pieces_.end(), at_s,
                                      [](long double wanted, const Piece& piece) { return wanted < piece.begin_s; });
  return *std::prev(later);
}

std::vector<RateSegment> ramp(double from, double to, nanoseconds duration, unsigned parts) {
  std::vector<RateSegment> segments;
  const auto rate = [=](unsigned part) { return from + (to - from) * part / parts; };
  const auto moment = [=](unsigned part) { return duration * part / parts; };
  for (unsigned part = 0; part < parts; ++part)
    segments.push_back({rate(part), rate(part + 1), moment(part + 1) - moment(part)});
  return segments;
}

}  // namespace waitlab::client
