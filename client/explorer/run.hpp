#pragma once

#include "client/explorer/machine.hpp"
#include "client/explorer/program.hpp"
#include "common/result.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace waitlab::client::explorer {

/// One step of a run, and what it left behind.
struct TakenStep {
  unsigned thread;
  std::string text;  ///< "load counter → 0"
  SharedData data;   ///< after it
};

/// A line of a thread's program as it is listed for whoever chooses the next thread.
struct ListedStep {
  enum class When { taken, next, later };

  When when;
  std::string text;  ///< of a taken step with its result; of a later one without values, which are not known yet
};

/// A run of a program, of which the caller is the scheduler: it says, step by step, which thread goes on.
///
///     GuidedRun run(lost_update({}));
///     while (!run.outcome()) run.step(run.runnable().front());
///
/// A copy is a run of its own, from the same moment on. Not thread-safe, and neither are a run and its copies together:
/// they share what they learn of the program.
class GuidedRun {
 public:
  static constexpr std::size_t listed_ahead = 12;

  explicit GuidedRun(Program program);

  const Program& program() const { return machine_->program(); }
  unsigned threads() const { return machine_->threads(); }

  /// The threads that can take a step, ascending. Empty once the run is over, and only then.
  std::vector<unsigned> runnable() const { return machine_->runnable(state_); }
  /// Why the thread cannot take a step: "it waits for b, which thread 1 holds", "it has finished". Empty if it can.
  /// `thread` below `threads()`.
  std::string hindrance(unsigned thread) const;
  /// What the thread did, what it does next, and what would follow if it went on alone and got every lock, of which
  /// there are `listed_ahead` lines at most. `thread` below `threads()`.
  std::vector<ListedStep> listing(unsigned thread) const;

  /// The thread's next step. Throws std::logic_error if the thread cannot take one.
  void step(unsigned thread);

  /// The threads' letters in the order of their steps; `replay` takes it.
  const std::string& schedule() const { return schedule_; }
  const std::vector<TakenStep>& trace() const { return trace_; }
  const SharedData& data() const { return state_.data; }
  /// How the run ended; nothing before.
  std::optional<Outcome> outcome() const { return machine_->outcome(state_); }

 private:
  std::shared_ptr<Machine> machine_;
  State state_;
  std::string schedule_;
  std::vector<TakenStep> trace_;
};

/// The run with this schedule, which may stop before its end: then the run has no outcome yet. A schedule that cannot
/// be followed is a Failure that names the place, counted from 1, the thread, and what keeps it from running.
Result<GuidedRun> replay(const Program& program, std::string_view schedule);

}  // namespace waitlab::client::explorer
