#include "client/schedule/arrivals.hpp"

#include "common/splitmix64.hpp"

#include <cmath>
#include <utility>

namespace waitlab::client {
namespace {

/// Uniform in (0, 1]: never 0, so its logarithm is finite.
double uniform(std::uint64_t seed, std::uint64_t n) noexcept {
  return (static_cast<double>(splitmix64(seed, n) >> 11) + 1.0) * 0x1p-53;
}

}  // namespace

Arrivals::Arrivals(ArrivalKind kind, RateCurve rate, std::uint64_t seed)
    : kind_(kind), rate_(std::move(rate)), seed_(seed) {}

long double Arrivals::gap(std::uint64_t n) const noexcept {
  if (kind_ == ArrivalKind::constant) return n == 0 ? 0.0L : 1.0L;
  return -std::log(uniform(seed_, n));
}

ArrivalPlan::ArrivalPlan(const Arrivals& arrivals, const ArrivalLimits& limits, unsigned index, unsigned threads)
    : arrivals_(arrivals), limits_(limits), index_(index), threads_(threads) {
  advance();
}

void ArrivalPlan::advance() {
  do {
    next_ = step();
  } while (next_ && next_->n % threads_ != index_);
}

std::optional<Arrival> ArrivalPlan::step() {
  gaps_ += arrivals_.gap(n_);
  const std::chrono::nanoseconds offset = arrivals_.rate().time_at(gaps_);
  const bool measured = offset >= limits_.warmup;
  if (limits_.duration && offset >= limits_.warmup + *limits_.duration) return std::nullopt;
  if (limits_.requests && measured && measured_ == *limits_.requests) return std::nullopt;
  if (measured) ++measured_;
  return Arrival{n_++, offset, measured, arrivals_.rate().segment_at(offset)};
}

}  // namespace waitlab::client
