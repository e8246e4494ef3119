#include "server/runtime/loop_lag.hpp"

namespace waitlab::server {

void LoopLag::observe(TimePoint now, DurationHistogram& lags) noexcept {
  for (int count = 0; due_ <= now && count < most_at_once; ++count) {
    lags.observe(now - due_);
    due_ += interval;
  }
  if (due_ <= now) due_ += interval * ((now - due_) / interval + 1);
}

}  // namespace waitlab::server
