#include "client/explorer/exploration.hpp"
#include "client/explorer/machine.hpp"
#include "client/explorer/tallies.hpp"
#include "common/splitmix64.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace waitlab::client::explorer {
namespace {

/// The runs of a seed have unrelated seeds of their own.
class Dice {
 public:
  Dice(std::uint64_t seed, std::uint64_t run) : seed_(splitmix64(seed, run)) {}

  /// Uniform in 0 to bound - 1, but for a bias of bound / 2^64.
  unsigned below(unsigned bound) { return static_cast<unsigned>(splitmix64(seed_, thrown_++) % bound); }

 private:
  std::uint64_t seed_;
  std::uint64_t thrown_ = 0;
};

class RandomScheduler {
 public:
  explicit RandomScheduler(Dice dice) : dice_(dice) {}

  unsigned choose(const Machine&, const State&, const std::vector<unsigned>& runnable) {
    return runnable[dice_.below(static_cast<unsigned>(runnable.size()))];
  }

 private:
  Dice dice_;
};

class PctScheduler {
 public:
  PctScheduler(unsigned threads, const PctSettings& settings, Dice dice) : priorities_(threads) {
    // Priorities 0 to depth - 2 are those of the change points.
    std::iota(priorities_.begin(), priorities_.end(), static_cast<int>(settings.depth) - 1);
    for (unsigned i = threads; i > 1; --i)
      std::swap(priorities_[i - 1], priorities_[dice.below(i)]);
    for (unsigned i = 1; i < settings.depth; ++i)
      change_points_.push_back(1 + dice.below(settings.steps));
  }

  unsigned choose(const Machine& machine, const State& state, const std::vector<unsigned>& runnable) {
    const unsigned thread = *std::max_element(
        runnable.begin(), runnable.end(), [this](unsigned a, unsigned b) { return priorities_[a] < priorities_[b]; });
    for (std::size_t i = 0; i < change_points_.size(); ++i) {
      if (change_points_[i] == state.steps + 1) priorities_[thread] = static_cast<int>(i);
    }
    if (machine.next(state, thread)->kind == Step::Kind::pause) priorities_[thread] = --lowest_;
    return thread;
  }

 private:
  std::vector<int> priorities_;
  std::vector<unsigned> change_points_;
  int lowest_ = 0;
};

struct SampledRun {
  std::string schedule;
  Outcome outcome;
};

template <class Scheduler>
SampledRun sampled_run(Machine& machine, Scheduler scheduler) {
  SampledRun run;
  State state = machine.start();
  for (;;) {
    const std::vector<unsigned> runnable = machine.runnable(state);
    if (runnable.empty()) break;
    const unsigned thread = scheduler.choose(machine, state, runnable);
    machine.step(state, thread);
    run.schedule += thread_letter(thread);
  }
  run.outcome = *machine.outcome(state);
  return run;
}

/// `run_of`: what makes run number n of the machine.
template <class RunOf>
Exploration sample(const Program& program, Exploration::Mode mode, std::uint64_t runs, const RunOf& run_of) {
  Machine machine(program);
  Exploration exploration;
  exploration.mode = mode;
  exploration.program = program.name();
  OutcomeIndex outcomes;
  for (std::uint64_t n = 0; n < runs; ++n) {
    const SampledRun run = run_of(machine, n);
    const std::size_t outcome = outcomes.number_of(run.outcome);
    if (outcome == exploration.outcomes.size())
      exploration.outcomes.push_back(
          {.outcome = run.outcome, .schedules = 0, .likelihood = 0, .example = run.schedule});
    exploration.outcomes[outcome].schedules += 1;
    exploration.longest = std::max(exploration.longest, run.schedule.size());
  }
  for (OutcomeTally& tally : exploration.outcomes)
    tally.likelihood = tally.schedules / static_cast<double>(runs);
  sort_outcomes(exploration.outcomes);
  return exploration;
}

PctSettings with_steps(const Program& program, PctSettings settings, std::uint64_t seed) {
  constexpr std::uint64_t runs_that_show_the_length = 100;
  if (settings.steps == 0)
    settings.steps = static_cast<unsigned>(sample_random(program, seed, runs_that_show_the_length).longest);
  settings.steps = std::max(settings.steps, 1U);
  return settings;
}

}  // namespace

Exploration sample_random(const Program& program, std::uint64_t seed, std::uint64_t runs) {
  return sample(program, Exploration::Mode::random, runs, [seed](Machine& machine, std::uint64_t n) {
    return sampled_run(machine, RandomScheduler(Dice(seed, n)));
  });
}

GuidedRun random_run(const Program& program, std::uint64_t seed, std::uint64_t number) {
  Machine machine(program);
  return replay(program, sampled_run(machine, RandomScheduler(Dice(seed, number))).schedule).value();
}

double pct_guarantee(unsigned threads, const PctSettings& settings) {
  return 1 / (threads * std::pow(settings.steps, settings.depth - 1.0));
}

Exploration sample_pct(const Program& program, const PctSettings& settings, std::uint64_t seed, std::uint64_t runs) {
  const PctSettings known = with_steps(program, settings, seed);
  return sample(program, Exploration::Mode::pct, runs, [&](Machine& machine, std::uint64_t n) {
    return sampled_run(machine, PctScheduler(machine.threads(), known, Dice(seed, n)));
  });
}

GuidedRun pct_run(const Program& program, const PctSettings& settings, std::uint64_t seed, std::uint64_t number) {
  Machine machine(program);
  const PctScheduler scheduler(machine.threads(), with_steps(program, settings, seed), Dice(seed, number));
  return replay(program, sampled_run(machine, scheduler).schedule).value();
}

}  // namespace waitlab::client::explorer
