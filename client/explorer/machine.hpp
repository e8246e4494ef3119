#pragma once

#include "client/explorer/program.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

namespace waitlab::client::explorer {

inline constexpr int nobody = -1;

/// What threads share at one moment.
struct SharedData {
  std::vector<Value> values;
  std::vector<int> holders;  ///< for each lock the number of the thread that holds it, or `nobody`

  bool operator==(const SharedData&) const = default;
};

/// Takes the step for the thread and gives its result. A lock must be free.
Value perform(const Step& step, unsigned thread, SharedData& data);

/// All that one thread does, as a tree: a node is a step to be taken, and has a branch for each result that the step
/// was seen to give. So a thread can be in many states at once although its coroutine cannot be copied: where a branch
/// is new, the coroutine is run again from the start along the results that lead there. Not thread-safe.
class ThreadTree {
 public:
  using Node = std::uint32_t;
  static constexpr Node root = 0;

  explicit ThreadTree(ThreadFunction function);

  /// Null where the thread has finished. Valid as long as the tree.
  const Step* step(Node node) const { return places_[node].step ? &*places_[node].step : nullptr; }
  /// The node after its step gave this result.
  Node after(Node node, Value result);

 private:
  struct Place {
    std::optional<Step> step;
    Node before = root;
    Value result = 0;  ///< what the step before gave
    std::vector<std::pair<Value, Node>> branches;
  };

  void add_place(Node before, Value result);
  void go_to(Node node);

  ThreadFunction function_;
  ThreadSteps live_;
  Node live_at_ = root;
  std::deque<Place> places_;  ///< steps stay where they are
};

/// Where all threads are, and what they share. Equal states have equal futures.
struct State {
  std::vector<ThreadTree::Node> at;
  SharedData data;
  unsigned steps = 0;  ///< taken so far

  bool operator==(const State&) const = default;
};

/// A program as a machine whose states can be kept and compared. Not thread-safe: it learns its threads' steps as they
/// are first reached.
class Machine {
 public:
  explicit Machine(Program program);

  const Program& program() const { return program_; }
  unsigned threads() const { return static_cast<unsigned>(trees_.size()); }

  State start() const;
  /// The thread's next step, or null if it has finished. Valid as long as the machine.
  const Step* next(const State& state, unsigned thread) const { return trees_[thread].step(state.at[thread]); }
  /// Whether the thread has a next step, it waits for no lock, and the run has not come to its limit.
  bool can_step(const State& state, unsigned thread) const;
  /// Those that can, ascending; none once the run is over.
  std::vector<unsigned> runnable(const State& state) const;
  /// Takes the thread's next step, which it must be able to; gives its result.
  Value step(State& state, unsigned thread);
  /// The steps that the thread would take from here on by itself if it got every lock, the next one included; at most
  /// so many.
  std::vector<Step> ahead(const State& state, unsigned thread, std::size_t most);
  /// Nothing while the run is not over.
  std::optional<Outcome> outcome(const State& state) const;

 private:
  bool is_ready(const State& state, unsigned thread) const;
  Outcome finished(const State& state) const;
  Outcome deadlock(const State& state) const;

  Program program_;
  std::vector<ThreadTree> trees_;
};

}  // namespace waitlab::client::explorer
