#include "common/process/cpu_ticks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>
#include <string_view>

namespace waitlab {
namespace {

/// What follows steal is part of the first two.
constexpr std::array<std::string_view, 8> kinds{"user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal"};

bool is_idle(std::string_view kind) {
  return kind == "idle" || kind == "iowait";
}

}  // namespace

CpuTicks cpu_ticks(const std::string& stat, const std::vector<int>& cpus) {
  std::vector<std::string> wanted{"cpu"};
  if (!cpus.empty()) wanted.clear();
  for (const int cpu : cpus)
    wanted.push_back(fmt::format("cpu{}", cpu));
  CpuTicks ticks;
  std::istringstream lines(stat);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream values(line);
    std::string name;
    values >> name;
    if (std::ranges::count(wanted, name) == 0) continue;
    for (const std::string_view kind : kinds) {
      std::uint64_t value = 0;
      values >> value;
      ticks.all += value;
      if (!is_idle(kind)) ticks.wanted += value;
      if (kind == "steal") ticks.stolen += value;
    }
  }
  return ticks;
}

CpuTicks cpu_ticks(const std::vector<int>& cpus) {
  std::ifstream file("/proc/stat");
  std::ostringstream text;
  text << file.rdbuf();
  return cpu_ticks(text.str(), cpus);
}

}  // namespace waitlab
