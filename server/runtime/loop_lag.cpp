#include "server/runtime/loop_lag.hpp"

#include "server/counts/counts.hpp"

#include <utility>

namespace waitlab::server {

void LoopLag::observe(TimePoint now, DurationCounts& lags) noexcept {
  for (int moments = 0; due_ <= now && moments < most_at_once; ++moments) {
    count(lags, now - due_);
    due_ += interval;
  }
  if (due_ <= now) due_ += interval * ((now - due_) / interval + 1);
}

LoopLagProbe::LoopLagProbe(boost::asio::io_context& loop, Telemetry& telemetry, Now now)
    : telemetry_(telemetry), now_(std::move(now)), lag_(now_()), timer_(loop) {
  wait();
}

void LoopLagProbe::wait() {
  telemetry_.loop_due.store(lag_.due(), std::memory_order_relaxed);
  timer_.expires_at(lag_.due());
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    lag_.observe(now_(), telemetry_.counts.here().loop_lag);
    wait();
  });
}

LoopHousekeeping::LoopHousekeeping(boost::asio::io_context& loop, Act act) : act_(std::move(act)), timer_(loop) {
  wait();
}

void LoopHousekeeping::wait() {
  timer_.expires_after(std::chrono::seconds(1));
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    act_();
    wait();
  });
}

}  // namespace waitlab::server
