#include "common/process/process_tree.hpp"

#include "common/process/proc_files.hpp"

#include <fmt/format.h>

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <csignal>
#include <map>

namespace waitlab {
namespace {

constexpr std::chrono::seconds kill_patience{2};

using Family = std::multimap<pid_t, pid_t>;  ///< parents and their children

Family read_family() {
  Family family;
  for (const pid_t pid : numbered_entries("/proc")) {
    if (const auto stat = read_proc_stat(pid)) family.emplace(stat->parent, pid);
  }
  return family;
}

bool runs(pid_t pid) {
  const auto stat = read_proc_stat(pid);
  return stat && !stat->has_ended();
}

/// Adds what runs of the tree below the roots, roots included.
std::vector<pid_t> below(const Family& family, std::vector<pid_t> roots) {
  for (std::size_t next = 0; next < roots.size(); ++next) {
    const auto [first, last] = family.equal_range(roots[next]);
    for (auto child = first; child != last; ++child)
      roots.push_back(child->second);
  }
  std::erase_if(roots, [](pid_t pid) { return !runs(pid); });
  return roots;
}

/// Whether it runs as another user, so that we may not kill it.
bool is_out_of_reach(pid_t pid) {
  return runs(pid) && ::kill(pid, 0) != 0 && errno == EPERM;
}

/// Returns whether there was any that could be killed.
bool kill_all(const std::vector<pid_t>& processes) {
  bool any = false;
  for (const pid_t pid : processes)
    any |= ::kill(pid, SIGKILL) == 0;
  return any;
}

/// Our children except `others`, including those that have ended but were not yet waited for.
std::vector<pid_t> children_but(const std::vector<pid_t>& others, const Family& family) {
  std::vector<pid_t> children;
  const auto [first, last] = family.equal_range(::getpid());
  for (auto child = first; child != last; ++child) {
    if (std::ranges::find(others, child->second) == others.end()) children.push_back(child->second);
  }
  return children;
}

}  // namespace

std::vector<pid_t> process_tree(pid_t root) {
  return below(read_family(), {root});
}

void kill_descendants() {
  const auto deadline = std::chrono::steady_clock::now() + kill_patience;
  bool any = true;
  while (any && std::chrono::steady_clock::now() < deadline) {
    std::vector<pid_t> processes = process_tree(::getpid());
    std::erase(processes, ::getpid());
    any = kill_all(processes);
  }
}

std::optional<ProcessSample> sample_processes(const std::vector<pid_t>& processes) {
  const bool several = processes.size() > 1;
  std::optional<ProcessSample> sum;
  for (const pid_t pid : processes) {
    const auto sample = sample_process(pid);
    if (!sample) continue;
    if (!sum) sum.emplace();
    sum->threads += sample->threads;
    sum->rss_bytes += several ? proportional_memory(pid).value_or(sample->rss_bytes) : sample->rss_bytes;
    sum->virtual_bytes += sample->virtual_bytes;
    sum->cpu_time += sample->cpu_time;
    if (const auto stat = read_proc_stat(pid)) sum->cpu_time += stat->ended_children;
  }
  return sum;
}

CommandTree::CommandTree() : before_(children_but({}, read_family())) {
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
}

CommandTree::~CommandTree() {
  static_cast<void>(end());
}

/// What is killed starts nothing more, but its children may only then become ours: so again, until there is none.
Result<void> CommandTree::end() {
  while (true) {
    const Family family = read_family();
    std::vector<pid_t> own = children_but(before_, family);
    if (own.empty()) return {};
    const pid_t first = own.front();
    kill_all(below(family, own));
    std::erase_if(own, is_out_of_reach);
    if (own.empty()) return Failure{fmt::format("process {} can't be ended: it runs as another user", first)};
    for (const pid_t pid : own)
      ::waitpid(pid, nullptr, 0);
  }
}

std::vector<pid_t> CommandTree::processes() const {
  const Family family = read_family();
  const std::vector<pid_t> own = children_but(before_, family);
  for (const pid_t pid : own) {
    if (command_ && pid != *command_) ::waitpid(pid, nullptr, WNOHANG);
  }
  return below(family, own);
}

}  // namespace waitlab
