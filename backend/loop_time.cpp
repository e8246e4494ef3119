#include "backend/loop_time.hpp"

#include <boost/asio/basic_waitable_timer.hpp>

#include <utility>

namespace waitlab::backend {
namespace {

using Clock = std::chrono::steady_clock;
using AsioTimer =
    boost::asio::basic_waitable_timer<Clock, boost::asio::wait_traits<Clock>, boost::asio::io_context::executor_type>;

/// Asio can't take back a timer that has expired but whose handler has not run yet, so the handler asks whether the
/// call still exists.
class LoopTimer final : public Timer {
 public:
  LoopTimer(boost::asio::io_context& loop, TimeSource::TimePoint when, std::function<void()> call)
      : call_(std::make_shared<std::function<void()>>(std::move(call))), timer_(loop.get_executor(), when) {
    timer_.async_wait([call = std::weak_ptr(call_)](const boost::system::error_code&) {
      if (const auto due = call.lock()) (*due)();
    });
  }

 private:
  std::shared_ptr<std::function<void()>> call_;
  AsioTimer timer_;
};

}  // namespace

LoopTime::LoopTime(boost::asio::io_context& loop) : loop_(loop) {}

TimeSource::TimePoint LoopTime::now() const {
  return Clock::now();
}

TimeSource::UnixTime LoopTime::unix_time(TimePoint moment) const {
  return unix_clock_.at(moment);
}

std::unique_ptr<Timer> LoopTime::call_at(TimePoint when, std::function<void()> call) {
  return std::make_unique<LoopTimer>(loop_, when, std::move(call));
}

}  // namespace waitlab::backend
