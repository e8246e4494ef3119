#include "backend/backend.hpp"

#include <boost/asio/ip/address.hpp>

#include <chrono>

namespace waitlab::backend {
namespace {

constexpr std::chrono::seconds grace_period{1};

}  // namespace

Backend::Backend(boost::asio::io_context& loop, const Config& config)
    : loop_(loop), config_(config), time_(loop), profiles_(config.profiles, time_), listener_(loop, time_, profiles_) {}

Result<void> Backend::start() {
  // The port comes first: a second backend started by mistake must not empty the log of the first.
  const auto address = boost::asio::ip::make_address(config_.listen.address);
  if (const Result<void> opened = listener_.open({address, config_.listen.port}); !opened) return opened;
  if (const Result<void> opened = profiles_.open_logs(); !opened) return opened;
  listener_.start();
  return {};
}

void Backend::stop() {
  grace_ = time_.call_at(time_.now() + grace_period, [this] { listener_.close_sessions(); });
  listener_.stop([this] { loop_.stop(); });
}

std::size_t Backend::stop_now() {
  const HoldCounts counts = profiles_.counts();
  listener_.close_sessions();
  return counts.holding + counts.queued;
}

void Backend::reopen_logs() {
  profiles_.reopen_logs();
}

}  // namespace waitlab::backend
