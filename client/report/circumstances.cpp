#include "client/report/circumstances.hpp"

#include "client/report/figure_text.hpp"
#include "common/config/units.hpp"
#include "common/text/words.hpp"

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
  const std::string arrivals = load.arrivals == "poisson" ? "Poisson" : load.arrivals;
  const std::string how = load.loop == Loop::open ? fmt::format("open loop, {} arrivals of {}", arrivals, what)
                                                  : fmt::format("closed loop of {}", what);
  const std::string warmup = load.warmup.count() > 0 ? " after " + format_duration(load.warmup) + " of warm-up" : "";
  return fmt::format("{}, {} per run{}, time-out {}", how, format_duration(load.duration), warmup,
                     format_duration(load.timeout));
}

std::string levels_text(const ExperimentLoad& load) {
  std::vector<std::string> levels;
  for (std::size_t level = 0; level < load.levels.size(); ++level)
    levels.push_back(format_level(load.level(level)));
  return fmt::format("{}", fmt::join(levels, ", "));
}

std::string target_text(const ExperimentTarget& target) {
  if (target.kind == TargetKind::url) {
    return target.url + (target.pid ? fmt::format(", process {}", *target.pid) : "") + ", already running";
  }
  std::string text = target.kind == TargetKind::server ? "waitlab-server" : "";
  for (const std::string& setting : target.settings)
    text += " --set " + shell_word(setting);
  for (const std::string& word : target.command)
    text.append(text.empty() ? "" : " ").append(shell_word(word));
  if (target.kind == TargetKind::command) return fmt::format("{}, at {}", text, target.url);
  return target.path.empty() ? text : fmt::format("{}, loaded with GET {}", text, target.path);
}

std::string machine_text(const Machine& machine) {
  std::string text =
      fmt::format("{}, {} CPUs ({} usable), {:.1f} GiB memory, {}", machine.cpu_model, machine.cpus_online,
                  machine.cpus_usable, static_cast<double>(machine.memory_bytes) / bytes_per_gib, machine.kernel);
  if (machine.cpu_quota) text += fmt::format(", limited to {:g} CPUs' time", *machine.cpu_quota);
  if (machine.governor) text += ", frequency governor " + *machine.governor;
  return text;
}

std::string made_again_text(unsigned runs) {
  return fmt::format("{} {} INVALID and made again", runs, runs == 1 ? "run was" : "runs were");
}

}  // namespace waitlab::client
