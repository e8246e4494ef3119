#include "common/process/usage_tally.hpp"

#include "common/process/proc_files.hpp"
#include "common/process/process_tree.hpp"

#include <fmt/format.h>

#include <fstream>
#include <limits>
#include <string>

namespace waitlab {

ResourceUsage UsageTally::look(const std::vector<pid_t>& processes) {
  for (const pid_t pid : processes) {
    for (const pid_t thread : numbered_entries(fmt::format("/proc/{}/task", pid))) {
      const Switches now = read_switches(pid, thread);
      Switches& last = threads_[thread];
      if (now.voluntary < last.voluntary || now.involuntary < last.involuntary) {
        of_reused_ids_.voluntary += last.voluntary;
        of_reused_ids_.involuntary += last.involuntary;
      }
      last = now;
    }
  }
  ResourceUsage usage{.voluntary_switches = of_reused_ids_.voluntary,
                      .involuntary_switches = of_reused_ids_.involuntary};
  if (const auto sample = sample_processes(processes)) usage.cpu_time = sample->cpu_time;
  for (const auto& [thread, switches] : threads_) {
    usage.voluntary_switches += switches.voluntary;
    usage.involuntary_switches += switches.involuntary;
  }
  return usage;
}

UsageTally::Switches UsageTally::read_switches(pid_t pid, pid_t thread) {
  std::ifstream status(fmt::format("/proc/{}/task/{}/status", pid, thread));
  Switches switches;
  for (std::string name; status >> name;) {
    if (name == "voluntary_ctxt_switches:") status >> switches.voluntary;
    if (name == "nonvoluntary_ctxt_switches:") status >> switches.involuntary;
    status.ignore(std::numeric_limits<std::streamsize>::max(), '\n');
  }
  return switches;
}

}  // namespace waitlab
