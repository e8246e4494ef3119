#include "backend/backend.hpp"

#include <boost/asio/ip/address.hpp>

#include <chrono>

namespace waitlab::backend {
namespace {

constexpr std::chrono::seconds grace_period{1};

}  // namespace

Backend::Backend(boost::asio::io_context& loop, const Config& config)
    : loop_(loop),
      config_(config),
      time_(loop),
      holds_(config.profile, time_,
             [this](const HoldRecord& record) {
               if (log_) log_->append(record);
             }),
      listener_(loop, time_, holds_) {}

Result<void> Backend::start() {
  // The port comes first: a second backend started by mistake must not empty the log of the first.
  const auto address = boost::asio::ip::make_address(config_.listen.address);
  if (const Result<void> opened = listener_.open({address, config_.listen.port}); !opened) return opened;
  if (!config_.profile.hold_log.empty()) {
    auto log = HoldLog::open(config_.profile.hold_log, time_);
    if (!log) return log.error();
    log_ = std::move(*log);
  }
  listener_.start();
  return {};
}

void Backend::stop() {
  grace_ = time_.call_at(time_.now() + grace_period, [this] { listener_.close_sessions(); });
  listener_.stop([this] { loop_.stop(); });
}

std::size_t Backend::stop_now() {
  const HoldCounts counts = holds_.counts();
  listener_.close_sessions();
  return counts.holding + counts.queued;
}

void Backend::reopen_log() {
  if (log_) log_->reopen();
}

}  // namespace waitlab::backend
