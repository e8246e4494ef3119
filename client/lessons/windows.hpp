#pragma once

#include "common/process/process_stats.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

namespace waitlab::client {

/// What threads got done that all did the same over and over, from a moment on at which all of them were running.
struct WorkWindow {
  std::chrono::nanoseconds asked{0};   ///< how long it was to last
  std::chrono::nanoseconds lasted{0};  ///< until the last thread was done with what it had begun
  std::vector<std::uint64_t> done;     ///< calls that each thread made
  bool one_cpu = false;                ///< they had one CPU between them
  ResourceUsage used;                  ///< of all threads together
  std::uint64_t turns = 0;  ///< how often something went from one thread to another, where the work counts that
  std::chrono::nanoseconds without_cpu{0};  ///< for which they were ready to run and others had the CPU, together

  std::uint64_t all_done() const;
  /// Calls of all threads; on one CPU for a second of CPU time, so that other programs do not count.
  double per_second() const;
  double largest_share() const;  ///< of all calls, those of the thread with the most; 0 if there were none
  /// Whether each thread had a CPU nearly all of the time: else they were not at work at the same time, and the window
  /// says nothing of what they do to each other.
  bool undisturbed() const;
};

/// Has so many threads call `work` with their number, over and over, for that long; thread n on CPU n of these, or
/// those from the first again. `work` should take a twentieth of `length` at most, waits aside: a thread finishes what
/// it has begun, so that the rates are wrong by about as much, and the lessons tell apart only what differs by three
/// times as much. What it throws ends the program. Throws std::system_error if the kernel grants fewer threads; `work`
/// is not called then.
WorkWindow work_for(std::chrono::nanoseconds length, unsigned threads, const std::vector<int>& cpus,
                    const std::function<void(unsigned)>& work);

/// Windows of one kind that were kept.
struct WorkWindows {
  std::vector<WorkWindow> kept;
  unsigned made = 0;

  double middle(double (*reading)(const WorkWindow&)) const;  ///< of those kept, of which there must be one
};

/// How many windows are wanted of each kind, and what may be spent on them.
struct WindowPlan {
  unsigned wanted = 15;
  std::chrono::nanoseconds budget = std::chrono::seconds(10);
  bool keep_disturbed = false;  ///< where there are fewer CPUs than threads, there are no others
};

/// Makes a window of each kind in turn, so that a busy moment hits all of them alike, until there are enough of each
/// that were undisturbed, the budget is spent, or `stop` is asked for.
std::vector<WorkWindows> take_windows(const std::vector<std::function<WorkWindow()>>& kinds, const WindowPlan& plan,
                                      const std::stop_token& stop);

/// Says that too few windows were undisturbed.
std::string too_busy_for_windows();

/// These CPUs, one of each core first: the others of a core share its caches with that one. As they were where the
/// kernel does not tell of cores.
std::vector<int> cores_first(const std::vector<int>& cpus);

/// Whether the first `count` of these are of cores of their own; false as well where the kernel does not tell.
bool have_cores_of_their_own(const std::vector<int>& cpus, unsigned count);

}  // namespace waitlab::client
