#include "common/process/cpu_quota.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>

namespace waitlab {
namespace {

namespace fs = std::filesystem;

/// cgroup v2: "50000 100000", or "max 100000" for no limit.
std::optional<double> read_v2(const fs::path& folder) {
  std::ifstream file(folder / "cpu.max");
  double quota = 0;
  double period = 0;
  if (!(file >> quota >> period) || period <= 0) return std::nullopt;
  return quota / period;
}

/// cgroup v1: two files, a quota of -1 for no limit.
std::optional<double> read_v1(const fs::path& folder) {
  std::ifstream quota_file(folder / "cpu.cfs_quota_us");
  std::ifstream period_file(folder / "cpu.cfs_period_us");
  double quota = 0;
  double period = 0;
  if (!(quota_file >> quota) || !(period_file >> period) || quota <= 0 || period <= 0) return std::nullopt;
  return quota / period;
}

std::optional<double> tighter(std::optional<double> a, std::optional<double> b) {
  if (a && b) return std::min(*a, *b);
  return a ? a : b;
}

/// The tightest limit from a group up to its hierarchy's root. In a container the path may name a folder that isn't
/// mounted here; the root then is the container's own group.
std::optional<double> tightest(const fs::path& root, const std::string& group,
                               std::optional<double> (*read)(const fs::path&)) {
  std::optional<double> limit = read(root);
  for (fs::path path = fs::path(group).relative_path(); !path.empty(); path = path.parent_path()) {
    limit = tighter(limit, read(root / path));
  }
  return limit;
}

bool controls_cpu(const std::string& controllers) {
  std::istringstream names(controllers);
  for (std::string name; std::getline(names, name, ',');) {
    if (name == "cpu") return true;
  }
  return false;
}

}  // namespace

std::optional<double> cpu_quota(const std::string& membership, const fs::path& mount) {
  std::optional<double> limit;
  std::istringstream lines(membership);
  for (std::string line; std::getline(lines, line);) {
    const auto first = line.find(':');
    const auto second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);
    const std::string group = line.substr(second + 1);
    if (controllers.empty()) {
      limit = tighter(limit, tightest(mount, group, read_v2));
    } else if (controls_cpu(controllers)) {
      limit = tighter(limit, tightest(mount / controllers, group, read_v1));
    }
  }
  return limit;
}

std::optional<double> cpu_quota() {
  std::ifstream file("/proc/self/cgroup");
  std::ostringstream membership;
  membership << file.rdbuf();
  return cpu_quota(membership.str(), "/sys/fs/cgroup");
}

}  // namespace waitlab
