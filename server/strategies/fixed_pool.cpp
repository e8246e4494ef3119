#include "server/strategies/fixed_pool.hpp"

#include "server/counts/thread_track.hpp"

#include <utility>

namespace waitlab::server {

FixedPool::FixedPool(const Settings& settings, const ApplicationParts& parts)
    : ParkedStrategy(parts), request_timeout_(parts.timeouts.request), queue_(settings.queue_capacity) {
  try {
    for (std::uint32_t index = 0; index < settings.threads; ++index)
      workers_.emplace_back([this] { work(); });
  } catch (...) {
    queue_.close();
    throw;
  }
  // A thread that is not there yet is no room: with no queue, the first request would be rejected.
  queue_.await_consumers(settings.threads);
}

FixedPool::~FixedPool() {
  queue_.close();
  workers_.clear();
}

void FixedPool::dispatch(std::unique_ptr<Connection> connection) {
  auto full = queue_.try_push(std::move(connection), [](auto& admitted) { admitted->request.queue(); });
  if (full) reject(std::move(*full), Rejection::queue_full);
}

FixedPool::TimePoint FixedPool::housekeeping(TimePoint now) {
  TimePoint next = now + request_timeout_;  // for what comes from now on
  const auto is_overdue = [&](const std::unique_ptr<Connection>& queued) {
    next = due(*queued);
    return next <= now;
  };
  while (auto late = queue_.try_pop_if(is_overdue))
    reject(std::move(*late), Rejection::queue_timeout);
  return next;
}

void FixedPool::work() {
  const ThreadTrack lane(telemetry().threads);
  while (auto connection = queue_.pop()) {
    if (due(**connection) <= std::chrono::steady_clock::now()) {
      reject(std::move(*connection), Rejection::queue_timeout);
      continue;
    }
    auto next = serve(std::move(*connection));
    if (!next) continue;
    next->request.queue();
    queue_.push_own(std::move(next));
  }
}

}  // namespace waitlab::server
