#include "client/explorer/machine.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <stdexcept>
#include <string>

namespace waitlab::client::explorer {
namespace {

void release_lock(int& holder, int thread) {
  if (holder != thread) throw std::logic_error("a thread of an explored program unlocks what it does not hold");
  holder = nobody;
}

Value change_variable(const Step& step, Value& value) {
  const Value before = value;
  switch (step.kind) {
    case Step::Kind::store:
      value = step.operand;
      return 0;
    case Step::Kind::add:
      value += step.operand;
      return before;
    case Step::Kind::compare_exchange:
      if (before == step.expected) value = step.operand;
      return before == step.expected ? 1 : 0;
    default:
      return before;
  }
}

std::vector<std::string> held_by(const Machine& machine, const State& state, unsigned thread) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < state.data.holders.size(); ++i) {
    if (state.data.holders[i] == static_cast<int>(thread)) names.push_back(machine.program().locks()[i]);
  }
  return names;
}

}  // namespace

Value perform(const Step& step, unsigned thread, SharedData& data) {
  const int self = static_cast<int>(thread);
  switch (step.kind) {
    case Step::Kind::compute:
    case Step::Kind::pause:
      return 0;
    case Step::Kind::lock:
      data.holders[step.object] = self;
      return 0;
    case Step::Kind::unlock:
      release_lock(data.holders[step.object], self);
      return 0;
    case Step::Kind::try_lock:
      if (data.holders[step.object] != nobody) return 0;
      data.holders[step.object] = self;
      return 1;
    default:
      return change_variable(step, data.values[step.object]);
  }
}

ThreadTree::ThreadTree(ThreadFunction function) : function_(std::move(function)), live_(function_()) {
  add_place(root, 0);
}

void ThreadTree::add_place(Node before, Value result) {
  Place place{.step = std::nullopt, .before = before, .result = result, .branches = {}};
  if (const Step* step = live_.next()) place.step = *step;
  places_.push_back(std::move(place));
}

ThreadTree::Node ThreadTree::after(Node node, Value result) {
  for (const auto& [seen, next] : places_[node].branches) {
    if (seen == result) return next;
  }
  if (live_at_ != node) go_to(node);
  live_.proceed(result);
  live_at_ = static_cast<Node>(places_.size());
  add_place(node, result);
  places_[node].branches.emplace_back(result, live_at_);
  return live_at_;
}

void ThreadTree::go_to(Node node) {
  std::vector<Value> results;
  for (Node at = node; at != root; at = places_[at].before)
    results.push_back(places_[at].result);
  live_ = function_();
  for (; !results.empty(); results.pop_back())
    live_.proceed(results.back());
  live_at_ = node;
}

Machine::Machine(Program program) : program_(std::move(program)) {
  for (const ThreadFunction& function : program_.threads())
    trees_.emplace_back(function);
}

State Machine::start() const {
  State state;
  state.at.assign(trees_.size(), ThreadTree::root);
  for (const SharedVariable& variable : program_.variables())
    state.data.values.push_back(variable.initial);
  state.data.holders.assign(program_.locks().size(), nobody);
  return state;
}

bool Machine::can_step(const State& state, unsigned thread) const {
  return state.steps < program_.step_limit() && is_ready(state, thread);
}

bool Machine::is_ready(const State& state, unsigned thread) const {
  const Step* step = next(state, thread);
  return step != nullptr && (step->kind != Step::Kind::lock || state.data.holders[step->object] == nobody);
}

std::vector<unsigned> Machine::runnable(const State& state) const {
  std::vector<unsigned> threads;
  for (unsigned thread = 0; thread < trees_.size(); ++thread) {
    if (can_step(state, thread)) threads.push_back(thread);
  }
  return threads;
}

Value Machine::step(State& state, unsigned thread) {
  const Value result = perform(*next(state, thread), thread, state.data);
  state.at[thread] = trees_[thread].after(state.at[thread], result);
  ++state.steps;
  return result;
}

std::vector<Step> Machine::ahead(const State& state, unsigned thread, std::size_t most) {
  std::vector<Step> steps;
  SharedData data = state.data;
  ThreadTree::Node node = state.at[thread];
  while (const Step* step = trees_[thread].step(node)) {
    if (steps.size() == most) break;
    steps.push_back(*step);
    if (step->kind == Step::Kind::try_lock) data.holders[step->object] = nobody;
    node = trees_[thread].after(node, perform(*step, thread, data));
  }
  return steps;
}

std::optional<Outcome> Machine::outcome(const State& state) const {
  bool all_finished = true;
  bool anybody_ready = false;
  for (unsigned thread = 0; thread < trees_.size(); ++thread) {
    if (next(state, thread) != nullptr) all_finished = false;
    if (is_ready(state, thread)) anybody_ready = true;
  }
  if (all_finished) return finished(state);
  if (!anybody_ready) return deadlock(state);
  if (state.steps < program_.step_limit()) return std::nullopt;
  return Outcome{.kind = Outcome::Kind::step_limit,
                 .right = false,
                 .text = fmt::format("livelock: not finished after {} steps", state.steps)};
}

Outcome Machine::finished(const State& state) const {
  std::vector<std::string> values;
  for (std::size_t i = 0; i < state.data.values.size(); ++i)
    values.push_back(fmt::format("{} = {}", program_.variables()[i].name, state.data.values[i]));
  return {.kind = Outcome::Kind::finished,
          .right = program_.right(state.data.values),
          .text = values.empty() ? "finished" : fmt::format("{}", fmt::join(values, ", "))};
}

Outcome Machine::deadlock(const State& state) const {
  std::vector<std::string> waits;
  for (unsigned thread = 0; thread < trees_.size(); ++thread) {
    const Step* step = next(state, thread);
    if (step == nullptr) continue;
    const std::vector<std::string> held = held_by(*this, state, thread);
    waits.push_back(fmt::format("thread {} {}waits for {}", thread_letter(thread),
                                held.empty() ? "" : fmt::format("holds {}, ", fmt::join(held, " and ")),
                                program_.locks()[step->object]));
  }
  return {.kind = Outcome::Kind::deadlock, .right = false, .text = fmt::format("deadlock: {}", fmt::join(waits, "; "))};
}

}  // namespace waitlab::client::explorer
