#include "client/schedule/arrival_plan.hpp"

namespace waitlab::client {

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
