#include "server/strategies/event_loop_per_core.hpp"

#include "common/process/machine.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace waitlab::server {

namespace {

/// A CPU for each loop; none if they are not to be pinned.
std::vector<int> cpus_for(const EventLoopPerCore::Settings& settings) {
  if (!settings.pin) return {};
  std::vector<int> cpus = usable_cpus();
  if (cpus.size() >= settings.loops) return cpus;
  throw std::runtime_error(
      fmt::format("strategies.event-loop-per-core.pin needs a CPU for each loop, and of {} CPUs that may be used there "
                  "are not {}: set strategies.event-loop-per-core.loops to {} at most, or pin to false",
                  cpus.size(), settings.loops, cpus.size()));
}

}  // namespace

EventLoopPerCore::EventLoopPerCore(const Settings& settings, const ApplicationParts& parts) : settings_(settings) {
  const std::vector<int> cpus = cpus_for(settings);
  for (std::uint32_t index = 0; index < settings.loops; ++index) {
    LoopWorker& worker = *workers_.emplace_back(std::make_unique<LoopWorker>(parts));
    if (settings.pin) {
      // A CPU that was usable a moment ago and is not any more leaves the loop where it is.
      worker.post([cpu = cpus[index]] { static_cast<void>(run_on_cpus({cpu})); });
    }
  }
}

void EventLoopPerCore::accept_from(Listener& listener) {
  const bool has_queues = settings_.accept == reuse_port;
  if (has_queues && listener.queues() != workers_.size()) {
    throw std::runtime_error(
        fmt::format("strategies.event-loop-per-core.accept is reuse-port for {} loops, but the server was started with "
                    "{} accept queue{}: start it again",
                    workers_.size(), listener.queues(), listener.queues() == 1 ? "" : "s"));
  }
  for (std::uint32_t index = 0; index < workers_.size(); ++index)
    workers_[index]->server().accept_from(listener, has_queues ? Listener::Queue(index) : std::nullopt);
}

void EventLoopPerCore::adopt(IdleConnection connection) {
  const std::size_t turn = adopted_.fetch_add(1, std::memory_order_relaxed);
  workers_[turn % workers_.size()]->server().adopt(std::move(connection));
}

void EventLoopPerCore::retire(Strategy* successor) {
  for (const auto& worker : workers_)
    worker->server().retire(adopted_by(successor));
}

bool EventLoopPerCore::wait_drained(std::chrono::steady_clock::time_point deadline) {
  return std::ranges::all_of(workers_, [&](const auto& worker) { return worker->server().wait_drained(deadline); });
}

}  // namespace waitlab::server
