#pragma once

#include "client/explorer/program.hpp"
#include "client/explorer/run.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace waitlab::client::explorer {

/// One way in which runs ended.
struct OutcomeTally {
  Outcome outcome;
  double schedules = 0;   ///< how many end so: integers, exact up to 2^53 and rounded to 53 bits beyond
  double likelihood = 0;  ///< the probability under the scheduler that was explored; where it was sampled, the share
  std::string example;    ///< a schedule that ends so: for `explore_all` the first one in order of the letters
};

/// What became of a program under many schedules.
struct Exploration {
  enum class Mode { all, random, pct };

  Mode mode = Mode::all;
  std::string program;
  std::vector<OutcomeTally> outcomes;  ///< right ones first, then by kind, then by their text
  /// The probability that the uniformly random scheduler runs into a part that was not explored. 0 unless
  /// `explore_all` was cut off; then every count is a lower bound, and a likelihood may be larger by this at most.
  double unexplored = 0;
  std::size_t states = 0;   ///< how many different states `explore_all` saw
  std::size_t longest = 0;  ///< steps of the longest run

  bool complete() const { return unexplored == 0; }
  double schedules() const;
  double schedules(Outcome::Kind kind) const;
  double likelihood(Outcome::Kind kind) const;
  /// Of all outcomes that are not right.
  double wrong_schedules() const;
  double wrong_likelihood() const;
};

/// Every interleaving, each complete schedule counted once, and the exact probability of each outcome under the random
/// scheduler, which picks uniformly among the threads that can go on at each step; that is not the share of schedules,
/// as schedules are not equally likely. Schedules that come to the same state are followed from there together, so it
/// takes time and memory by the number of states, not of schedules. After `most_states` it is cut off, where it went
/// deep rather than wide: then sampling says more.
Exploration explore_all(const Program& program, std::size_t most_states = 200'000);

/// `runs` runs of the random scheduler. The same seed gives the same runs.
Exploration sample_random(const Program& program, std::uint64_t seed, std::uint64_t runs);
/// One of them: `number` 0 is the first.
GuidedRun random_run(const Program& program, std::uint64_t seed, std::uint64_t number = 0);

/// PCT, probabilistic concurrency testing (Burckhardt, Kothari, Musuvathi, Nagarakatte: "A Randomized Scheduler with
/// Probabilistic Guarantees of Finding Bugs", ASPLOS 2010). Threads have priorities in random order, and of those that
/// can go on the highest does. There are depth - 1 change points, each drawn uniformly from the steps 1 to `steps`: the
/// thread that takes that step falls below all that have not fallen yet, and the draw says who is above whom among
/// those that have.
///
/// A bug has depth d if d ordering constraints between steps are enough for it to show: 2 for a lost update or for the
/// deadlock of two locks. If no run takes more than `steps` steps, each run finds a bug of depth `depth` with a
/// probability of at least `pct_guarantee`. A thread that pauses falls below all others, as it would otherwise keep
/// them from what it waits for; so for a program that pauses the guarantee is not claimed.
struct PctSettings {
  unsigned depth = 2;  ///< at least 1
  unsigned steps = 0;  ///< the most that a run takes; 0: the longest of 100 runs of the random scheduler
};

/// 1 / (threads * steps^(depth - 1)), with settings whose `steps` are given.
double pct_guarantee(unsigned threads, const PctSettings& settings);

/// `runs` runs under PCT. The same seed gives the same runs.
Exploration sample_pct(const Program& program, const PctSettings& settings, std::uint64_t seed, std::uint64_t runs);
/// One of them: `number` 0 is the first.
GuidedRun pct_run(const Program& program, const PctSettings& settings, std::uint64_t seed, std::uint64_t number = 0);

}  // namespace waitlab::client::explorer
