#include "client/lessons/windows.hpp"

#include "client/lessons/measure.hpp"
#include "common/process/machine.hpp"
#include "common/process/process_stats.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <fstream>
#include <numeric>
#include <optional>
#include <set>
#include <string>
#include <thread>

namespace waitlab::client {
namespace {

using std::chrono::nanoseconds;

using WindowClock = std::chrono::steady_clock;

/// For how long the calling thread was ready to run and had no CPU, since it began (proc(5), schedstat); 0 where the
/// kernel keeps no such account.
nanoseconds time_without_cpu() {
  std::ifstream account("/proc/thread-self/schedstat");
  std::int64_t running = 0;
  std::int64_t ready = 0;
  if (!(account >> running >> ready)) return nanoseconds(0);
  return nanoseconds(ready);
}

/// The moment at which the last of some threads says that it is there. They yield meanwhile and do not sleep, since who
/// sleeps begins late.
class CommonStart {
 public:
  explicit CommonStart(unsigned threads) : missing_(threads) {}

  /// Nothing if it was called off, as some of the threads will never be there.
  std::optional<WindowClock::time_point> wait() {
    if (missing_.fetch_sub(1) == 1) begin_ = WindowClock::now().time_since_epoch().count();
    while (!called_off_.load()) {
      if (const auto begin = begin_.load(); begin != 0) return WindowClock::time_point(WindowClock::duration(begin));
      std::this_thread::yield();
    }
    return std::nullopt;
  }

  void call_off() { called_off_ = true; }

 private:
  std::atomic<unsigned> missing_;
  std::atomic<WindowClock::rep> begin_{0};
  std::atomic<bool> called_off_{false};
};

/// One thread's part of a window.
struct WindowPart {
  std::uint64_t done = 0;
  nanoseconds lasted{0};
  ResourceUsage used;
  nanoseconds without_cpu{0};
};

WindowPart do_part(CommonStart& start, nanoseconds length, const std::function<void()>& work) {
  const nanoseconds missed_before = time_without_cpu();
  const auto begin = start.wait();
  WindowPart part;
  if (!begin) return part;
  const ResourceUsage used_before = thread_usage();
  auto now = WindowClock::now();
  for (; now - *begin < length; now = WindowClock::now()) {
    work();
    ++part.done;
  }
  part.lasted = now - *begin;
  part.used = thread_usage() - used_before;
  part.without_cpu = time_without_cpu() - missed_before;
  return part;
}

}  // namespace

std::uint64_t WorkWindow::all_done() const {
  return std::accumulate(done.begin(), done.end(), std::uint64_t{0});
}

double WorkWindow::per_second() const {
  const std::chrono::duration<double> time = one_cpu ? used.cpu_time : lasted;
  return static_cast<double>(all_done()) / std::max(time.count(), 1e-9);
}

double WorkWindow::largest_share() const {
  const std::uint64_t all = all_done();
  return all == 0 ? 0 : static_cast<double>(std::ranges::max(done)) / static_cast<double>(all);
}

bool WorkWindow::undisturbed() const {
  const auto threads = static_cast<std::int64_t>(done.size());
  return without_cpu * 100 <= lasted * threads * 15 && lasted * 2 <= asked * 3;
}

WorkWindow work_for(nanoseconds length, unsigned threads, const std::vector<int>& cpus,
                    const std::function<void(unsigned)>& work) {
  CommonStart start(threads);
  std::vector<WindowPart> parts(threads);
  {
    std::vector<std::jthread> running;
    try {
      for (unsigned number = 0; number < threads; ++number) {
        running.emplace_back([&, number] {
          static_cast<void>(run_on_cpus({cpus[number % cpus.size()]}));  // it is among those that are usable
          parts[number] = do_part(start, length, [&] { work(number); });
        });
      }
    } catch (...) {
      start.call_off();
      throw;
    }
  }
  WorkWindow window;
  window.asked = length;
  window.one_cpu = cpus.size() == 1;
  for (const WindowPart& part : parts) {
    window.lasted = std::max(window.lasted, part.lasted);
    window.done.push_back(part.done);
    window.used += part.used;
    window.without_cpu += part.without_cpu;
  }
  return window;
}

double WorkWindows::middle(double (*reading)(const WorkWindow&)) const {
  std::vector<double> figures;
  for (const WorkWindow& window : kept)
    figures.push_back(reading(window));
  const auto middle = figures.begin() + static_cast<std::ptrdiff_t>((figures.size() - 1) / 2);
  std::ranges::nth_element(figures, middle);
  return *middle;
}

std::vector<WorkWindows> take_windows(const std::vector<std::function<WorkWindow()>>& kinds, const WindowPlan& plan,
                                      const std::stop_token& stop) {
  std::vector<WorkWindows> taken(kinds.size());
  const auto begin = WindowClock::now();
  const auto lacks = [&](const WorkWindows& windows) { return windows.kept.size() < plan.wanted; };
  while (std::ranges::any_of(taken, lacks)) {
    for (std::size_t kind = 0; kind < kinds.size(); ++kind) {
      if (stop.stop_requested() || WindowClock::now() - begin > plan.budget) return taken;
      if (!lacks(taken[kind])) continue;
      WorkWindow window = kinds[kind]();
      ++taken[kind].made;
      if (plan.keep_disturbed || window.undisturbed()) taken[kind].kept.push_back(std::move(window));
    }
  }
  return taken;
}

std::string too_busy_for_windows() {
  return "other programs kept the CPUs so busy that the threads were hardly ever at work at the same time. Run it "
         "again on a quieter machine.";
}

std::vector<int> cores_first(const std::vector<int>& cpus) {
  std::vector<int> firsts;
  std::vector<int> others;
  std::set<std::string> seen;
  for (const int cpu : cpus)
    (seen.insert(core_of(cpu)).second ? firsts : others).push_back(cpu);
  firsts.insert(firsts.end(), others.begin(), others.end());
  return firsts;
}

bool have_cores_of_their_own(const std::vector<int>& cpus, unsigned count) {
  std::set<std::string> cores;
  for (unsigned index = 0; index < count && index < cpus.size(); ++index) {
    const std::string core = core_of(cpus[index]);
    if (core.empty() || !cores.insert(core).second) return false;
  }
  return count <= cpus.size();
}

}  // namespace waitlab::client
