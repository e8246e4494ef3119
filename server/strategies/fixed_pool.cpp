#include "server/strategies/fixed_pool.hpp"

#include "server/counts/thread_track.hpp"

#include <utility>

namespace waitlab::server {

FixedPool::FixedPool(const Settings& settings, const ApplicationParts& parts)
    : ParkedStrategy(parts), queue_(settings.queue_capacity) {
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

void FixedPool::work() {
  const ThreadTrack lane(telemetry().threads);
  while (auto connection = queue_.pop()) {
    auto next = serve(std::move(*connection));
    if (!next) continue;
    next->request.queue();
    queue_.push_own(std::move(next));
  }
}

}  // namespace waitlab::server
