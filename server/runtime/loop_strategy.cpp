#include "server/runtime/loop_strategy.hpp"

#include <algorithm>
#include <utility>

namespace waitlab::server {

LoopStrategy::LoopStrategy(const ApplicationParts& parts, std::uint32_t loops, const LoopWorker::MakeIo& make_io) {
  for (std::uint32_t loop = 0; loop < loops; ++loop)
    workers_.push_back(std::make_unique<LoopWorker>(parts, make_io));
}

void LoopStrategy::accept_from(Listener& listener) {
  const Listener::Share share = workers_.size() == 1 ? Listener::Share{} : Listener::Share{.at_once = 1};
  for (const auto& worker : workers_)
    worker->server().accept_from(listener, share);
}

void LoopStrategy::adopt(IdleConnection connection) {
  const std::size_t turn = adopted_.fetch_add(1, std::memory_order_relaxed);
  workers_[turn % workers_.size()]->server().adopt(std::move(connection));
}

void LoopStrategy::retire(Strategy* successor) {
  for (const auto& worker : workers_)
    worker->server().retire(adopted_by(successor));
}

bool LoopStrategy::wait_drained(std::chrono::steady_clock::time_point deadline) {
  return std::ranges::all_of(workers_, [&](const auto& worker) { return worker->server().wait_drained(deadline); });
}

}  // namespace waitlab::server
