#include "server/strategies/fixed_pool.hpp"

#include <utility>

namespace waitlab::server {

FixedPool::FixedPool(const Settings& settings, const ApplicationParts& parts)
    : ThreadedStrategy(parts), queue_(settings.queue_capacity) {
  try {
    for (std::uint32_t index = 0; index < settings.threads; ++index)
      workers_.emplace_back([this] { work(); });
  } catch (...) {
    queue_.close();
    throw;
  }
  // A thread that is not there yet is no room: with no queue, the first request would be turned away.
  queue_.await_consumers(settings.threads);
}

FixedPool::~FixedPool() {
  queue_.close();
  workers_.clear();
}

void FixedPool::dispatch(std::unique_ptr<BlockingConnection> connection) {
  std::optional<Item> full = queue_.try_push({std::move(connection), Counted(telemetry().queued)});
  if (full) {
    full->queued.reset();
    reject(std::move(full->connection), Rejection::queue_full);
  }
}

void FixedPool::work() {
  while (std::optional<Item> item = queue_.pop()) {
    item->queued.reset();
    auto next = serve(std::move(item->connection));
    if (next) queue_.push_own({std::move(next), Counted(telemetry().queued)});
  }
}

}  // namespace waitlab::server
