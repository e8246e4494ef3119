#include "client/explorer/exploration.hpp"

#include "client/explorer/machine.hpp"
#include "client/explorer/tallies.hpp"
#include "common/splitmix64.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace waitlab::client::explorer {
namespace {

/// Of the schedules that go on from a state, those with one outcome.
struct Share {
  std::size_t outcome;
  double schedules;
  double likelihood;
  unsigned first_thread;  ///< the lowest thread by which the outcome can be reached
};

struct Future {
  std::vector<Share> shares;
  double unexplored = 0;
  std::size_t longest = 0;  ///< steps to the end
};

struct StateHash {
  std::size_t operator()(const State& state) const noexcept {
    std::uint64_t hash = state.steps;
    const auto mix = [&hash](std::uint64_t word) { hash = splitmix64_output(hash ^ word) + word; };
    for (const ThreadTree::Node node : state.at)
      mix(node);
    for (const Value value : state.data.values)
      mix(static_cast<std::uint64_t>(value));
    for (const int holder : state.data.holders)
      mix(static_cast<std::uint64_t>(holder));
    return hash;
  }
};

/// Works the futures of states out, each once. Not thread-safe.
class StateSpace {
 public:
  StateSpace(const Program& program, std::size_t most_states) : machine_(program), most_states_(most_states) {}

  Exploration explore();

 private:
  const Future& future_of(const State& state);
  Future work_out(const State& state);
  void add_branch(Future& future, const Future& branch, unsigned thread, double probability);
  std::string example_of(std::size_t outcome);

  Machine machine_;
  std::size_t most_states_;
  OutcomeIndex outcomes_;
  std::unordered_map<State, Future, StateHash> futures_;
  const Future unexplored_{.shares = {}, .unexplored = 1, .longest = 0};
};

const Future& StateSpace::future_of(const State& state) {
  if (const auto known = futures_.find(state); known != futures_.end()) return known->second;
  // A state's future is there only once those of all that follow it are: what is being worked out is not counted, but
  // there is no more of it than a run has steps.
  if (futures_.size() >= most_states_) return unexplored_;
  Future future = work_out(state);
  return futures_.emplace(state, std::move(future)).first->second;
}

Future StateSpace::work_out(const State& state) {
  Future future;
  const std::vector<unsigned> runnable = machine_.runnable(state);
  for (const unsigned thread : runnable) {
    State after = state;
    machine_.step(after, thread);
    add_branch(future, future_of(after), thread, 1.0 / static_cast<double>(runnable.size()));
  }
  if (const std::optional<Outcome> outcome = machine_.outcome(state))
    future.shares.push_back(
        {.outcome = outcomes_.number_of(*outcome), .schedules = 1, .likelihood = 1, .first_thread = 0});
  return future;
}

void StateSpace::add_branch(Future& future, const Future& branch, unsigned thread, double probability) {
  future.unexplored += probability * branch.unexplored;
  future.longest = std::max(future.longest, branch.longest + 1);
  for (const Share& share : branch.shares) {
    const auto same = std::find_if(future.shares.begin(), future.shares.end(),
                                   [&](const Share& other) { return other.outcome == share.outcome; });
    if (same == future.shares.end()) {
      future.shares.push_back({.outcome = share.outcome,
                               .schedules = share.schedules,
                               .likelihood = probability * share.likelihood,
                               .first_thread = thread});
    } else {
      same->schedules += share.schedules;
      same->likelihood += probability * share.likelihood;
    }
  }
}

std::string StateSpace::example_of(std::size_t outcome) {
  std::string schedule;
  State state = machine_.start();
  while (!machine_.outcome(state)) {
    const std::vector<Share>& shares = futures_.at(state).shares;
    const auto share =
        std::find_if(shares.begin(), shares.end(), [&](const Share& each) { return each.outcome == outcome; });
    schedule += thread_letter(share->first_thread);
    machine_.step(state, share->first_thread);
  }
  return schedule;
}

Exploration StateSpace::explore() {
  const Future& all = future_of(machine_.start());
  Exploration exploration{.mode = Exploration::Mode::all,
                          .program = machine_.program().name(),
                          .outcomes = {},
                          .unexplored = all.unexplored,
                          .states = futures_.size(),
                          .longest = all.longest};
  for (const Share& share : all.shares)
    exploration.outcomes.push_back({.outcome = outcomes_.outcomes()[share.outcome],
                                    .schedules = share.schedules,
                                    .likelihood = share.likelihood,
                                    .example = example_of(share.outcome)});
  sort_outcomes(exploration.outcomes);
  return exploration;
}

}  // namespace

Exploration explore_all(const Program& program, std::size_t most_states) {
  return StateSpace(program, most_states).explore();
}

}  // namespace waitlab::client::explorer
