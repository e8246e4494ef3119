#include "server/runtime/loop_lag.hpp"

#include "server/counts/counts.hpp"
#include "server/counts/thread_track.hpp"

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
    : counts_(telemetry.counts), now_(std::move(now)), lag_(now_()), timer_(loop) {
  wait_until(lag_.due() - LoopLag::interval);  // for its first word from the loop's own thread
}

void LoopLagProbe::wait_until(LoopLag::TimePoint time) {
  timer_.expires_at(time);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    lag_.observe(now_(), counts_.here().loop_lag);
    if (Track* const lane = ThreadTrack::of_this_thread()) lane->fall_due(lag_.due());
    wait_until(lag_.due());
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
