#include "server/runtime/loop_lag.hpp"

#include "server/counts/counts.hpp"

namespace waitlab::server {

void LoopLag::observe(TimePoint now, DurationCounts& lags) noexcept {
  for (int moments = 0; due_ <= now && moments < most_at_once; ++moments) {
    count(lags, now - due_);
    due_ += interval;
  }
  if (due_ <= now) due_ += interval * ((now - due_) / interval + 1);
}

}  // namespace waitlab::server
