#include "server/strategies/loop_lag_probe.hpp"

#include <utility>

namespace waitlab::server {

LoopLagProbe::LoopLagProbe(boost::asio::io_context& loop, DurationHistogram& lags, Now now)
    : lags_(lags), now_(std::move(now)), lag_(now_()), timer_(loop) {
  wait();
}

void LoopLagProbe::wait() {
  timer_.expires_at(lag_.due());
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    lag_.observe(now_(), lags_);
    wait();
  });
}

}  // namespace waitlab::server
