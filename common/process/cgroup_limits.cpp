#include "common/process/cgroup_limits.hpp"

#include <algorithm>
#include <fstream>
#include <functional>
#include <sstream>
#include <vector>

namespace waitlab {
namespace {

namespace fs = std::filesystem;

/// The kernel's word for "no limit" in v1 is the greatest number of bytes in whole pages.
constexpr std::uint64_t v1_unlimited_memory = 1ULL << 62;

/// A file that holds one number, or "max" for no limit.
std::optional<std::uint64_t> read_number(const fs::path& path) {
  std::ifstream file(path);
  std::uint64_t number = 0;
  if (!(file >> number)) return std::nullopt;
  return number;
}

std::optional<double> cpus_of(double quota, double period) {
  if (quota <= 0 || period <= 0) return std::nullopt;
  return quota / period;
}

/// A v2 group: "50000 100000" in cpu.max, "max 100000" for no limit.
CgroupLimits read_v2(const fs::path& folder) {
  std::ifstream cpu(folder / "cpu.max");
  double quota = 0;
  double period = 0;
  cpu >> quota >> period;
  return {.cpus = cpus_of(quota, period),
          .memory_bytes = read_number(folder / "memory.max"),
          .pids = read_number(folder / "pids.max")};
}

/// A v1 group of whichever controller: those of the others have other files. A CPU quota of -1 is no limit.
CgroupLimits read_v1(const fs::path& folder) {
  std::ifstream quota_file(folder / "cpu.cfs_quota_us");
  std::ifstream period_file(folder / "cpu.cfs_period_us");
  double quota = 0;
  double period = 0;
  quota_file >> quota;
  period_file >> period;
  CgroupLimits limits{.cpus = cpus_of(quota, period),
                      .memory_bytes = read_number(folder / "memory.limit_in_bytes"),
                      .pids = read_number(folder / "pids.max")};
  if (limits.memory_bytes >= v1_unlimited_memory) limits.memory_bytes.reset();
  return limits;
}

template <class T>
std::optional<T> tighter(std::optional<T> a, std::optional<T> b) {
  if (a && b) return std::min(*a, *b);
  return a ? a : b;
}

CgroupLimits tighter(const CgroupLimits& a, const CgroupLimits& b) {
  return {.cpus = tighter(a.cpus, b.cpus),
          .memory_bytes = tighter(a.memory_bytes, b.memory_bytes),
          .pids = tighter(a.pids, b.pids)};
}

/// Where controllers that share a hierarchy may be mounted: the folder may name them in another order, and then there
/// is a link for each.
std::vector<std::string> v1_folders(const std::string& controllers) {
  std::vector<std::string> folders;
  std::istringstream names(controllers);
  for (std::string name; std::getline(names, name, ',');)
    folders.push_back(name);
  if (folders.size() > 1) folders.push_back(controllers);
  return folders;
}

/// Visits a group and those above it up to its hierarchy's root. In a container the path may name a folder that isn't
/// mounted here; the root then is the container's own group.
void visit_up(const fs::path& root, const std::string& group, const std::function<void(const fs::path&)>& visit) {
  visit(root);
  for (fs::path path = fs::path(group).relative_path(); !path.empty(); path = path.parent_path())
    visit(root / path);
}

using VisitGroup = std::function<void(const fs::path& folder)>;

/// Visits the folders of all groups that these lines name, those of cgroup v2 and of v1.
void visit_groups(const std::string& membership, const fs::path& mount, const VisitGroup& v2, const VisitGroup& v1) {
  std::istringstream lines(membership);
  for (std::string line; std::getline(lines, line);) {
    const auto first = line.find(':');
    const auto second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);
    const std::string group = line.substr(second + 1);
    if (controllers.empty()) visit_up(mount, group, v2);
    for (const std::string& folder : v1_folders(controllers))
      visit_up(mount / folder, group, v1);
  }
}

std::string own_membership() {
  std::ifstream file("/proc/self/cgroup");
  std::ostringstream membership;
  membership << file.rdbuf();
  return membership.str();
}

constexpr const char* cgroup_mount = "/sys/fs/cgroup";

}  // namespace

CgroupLimits cgroup_limits(const std::string& membership, const fs::path& mount) {
  CgroupLimits limits;
  visit_groups(
      membership, mount, [&limits](const fs::path& folder) { limits = tighter(limits, read_v2(folder)); },
      [&limits](const fs::path& folder) { limits = tighter(limits, read_v1(folder)); });
  return limits;
}

CgroupLimits cgroup_limits() {
  return cgroup_limits(own_membership(), cgroup_mount);
}

std::vector<CgroupThrottling> cgroup_throttling(const std::string& membership, const fs::path& mount) {
  std::vector<CgroupThrottling> groups;
  const VisitGroup add = [&groups](const fs::path& folder) {
    CgroupThrottling& group = groups.emplace_back();
    std::ifstream stat(folder / "cpu.stat");
    std::uint64_t number = 0;
    for (std::string name; stat >> name >> number;) {
      if (name == "nr_periods") group.periods = number;
      if (name == "nr_throttled") group.throttled = number;
    }
  };
  visit_groups(membership, mount, add, add);
  return groups;
}

std::vector<CgroupThrottling> cgroup_throttling() {
  return cgroup_throttling(own_membership(), cgroup_mount);
}

}  // namespace waitlab
