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
  offset_ += arrivals_.gap(n_);
  const bool measured = offset_ >= limits_.warmup;
  if (limits_.duration && offset_ >= limits_.warmup + *limits_.duration) return std::nullopt;
  if (limits_.requests && measured && measured_ == *limits_.requests) return std::nullopt;
  if (measured) ++measured_;
  return Arrival{n_++, offset_, measured};
}

}  // namespace waitlab::client
