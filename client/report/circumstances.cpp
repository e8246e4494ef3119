#include "client/report/circumstances.hpp"

#include "common/config/units.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace waitlab::client {
namespace {

constexpr double bytes_per_gib = 1024.0 * 1024.0 * 1024.0;

std::string requests_text(const ExperimentLoad& load) {
  if (!load.targets_file.empty()) return "the requests of " + load.targets_file;
  return load.path.empty() ? "each target's own request" : "GET " + load.path;
}

}  // namespace

std::string placement_text(const Placement& placement) {
  if (placement.shared()) {
    return fmt::format("server, client and backend shared CPU {} and slowed each other down",
                       fmt::join(placement.server, ", "));
  }
  return fmt::format("server on CPU {}; client and backend on CPU {}", fmt::join(placement.server, ", "),
                     fmt::join(placement.client_and_backend, ", "));
}

std::string load_text(const ExperimentLoad& load) {
  const std::string what = requests_text(load);
  const std::string how = load.loop == Loop::open ? fmt::format("{} arrivals of {}", load.arrivals, what)
                                                  : fmt::format("connections that ask for {} again and again", what);
  return fmt::format("{}, {} each after {} of warm-up, time-out {}", how, format_duration(load.duration),
                     format_duration(load.warmup), format_duration(load.timeout));
}

std::string machine_text(const Machine& machine) {
  std::string text =
      fmt::format("{}, {} CPUs ({} usable), {:.1f} GiB memory, {}", machine.cpu_model, machine.cpus_online,
                  machine.cpus_usable, static_cast<double>(machine.memory_bytes) / bytes_per_gib, machine.kernel);
  if (machine.cpu_quota) text += fmt::format(", limited to {:g} CPUs' time", *machine.cpu_quota);
  if (machine.governor) text += ", frequency governor " + *machine.governor;
  return text;
}

}  // namespace waitlab::client
