#include "server/strategies/event_loop_per_core.hpp"

#include "common/process/machine.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <stdexcept>
#include <vector>

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

EventLoopPerCore::EventLoopPerCore(const Settings& settings, const ApplicationParts& parts)
    : LoopStrategy(parts, settings.loops), settings_(settings) {
  const std::vector<int> cpus = cpus_for(settings);
  for (std::size_t loop = 0; loop < cpus.size() && loop < workers().size(); ++loop) {
    // A CPU that was usable a moment ago and is not any more leaves the loop where it is.
    workers()[loop]->post([cpu = cpus[loop]] { static_cast<void>(run_on_cpus({cpu})); });
  }
}

void EventLoopPerCore::accept_from(Listener& listener) {
  if (settings_.accept != reuse_port) return LoopStrategy::accept_from(listener);
  if (listener.queues() != workers().size()) {
    throw std::runtime_error(
        fmt::format("strategies.event-loop-per-core.accept is reuse-port for {} loops, but the server was started with "
                    "{} accept queue{}: start it again",
                    workers().size(), listener.queues(), listener.queues() == 1 ? "" : "s"));
  }
  for (std::uint32_t queue = 0; queue < workers().size(); ++queue)
    workers()[queue]->server().accept_from(listener, {.queue = queue});
}

}  // namespace waitlab::server
