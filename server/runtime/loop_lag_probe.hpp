#pragma once

#include "server/counts/telemetry.hpp"
#include "server/runtime/loop_lag.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>

namespace waitlab::server {

/// Keeps measuring the lag of a loop, from the loop itself. It wakes an idle loop ten times a second, and a busy one
/// not at all beyond a handler among the others. Made before the loop's thread starts and destroyed after it ended;
/// nothing waits for it.
class LoopLagProbe {
 public:
  using Now = std::function<LoopLag::TimePoint()>;

  /// What it refers to must outlive it.
  LoopLagProbe(boost::asio::io_context& loop, Telemetry& telemetry, Now now = std::chrono::steady_clock::now);

 private:
  void wait();

  Telemetry& telemetry_;
  const Now now_;
  LoopLag lag_;
  boost::asio::steady_timer timer_;
};

}  // namespace waitlab::server
