#pragma once

#include "backend/time_source.hpp"

#include <boost/asio/io_context.hpp>

namespace waitlab::backend {

/// Real time, and timers on an Asio loop that must outlive this object. Calls are made on the thread that runs the
/// loop.
class LoopTime final : public TimeSource {
 public:
  explicit LoopTime(boost::asio::io_context& loop);

  TimePoint now() const override;
  UnixTime unix_time(TimePoint moment) const override;
  std::unique_ptr<Timer> call_at(TimePoint when, std::function<void()> call) override;

 private:
  boost::asio::io_context& loop_;
  UnixClock unix_clock_;
};

}  // namespace waitlab::backend
