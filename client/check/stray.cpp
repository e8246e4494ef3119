#include "client/check/stray.hpp"

#include "client/check/stays.hpp"

#include <boost/random/exponential_distribution.hpp>
#include <boost/random/mersenne_twister.hpp>
#include <boost/random/uniform_int_distribution.hpp>

#include <algorithm>
#include <cmath>
#include <optional>

namespace waitlab::client {
namespace {

using std::chrono::nanoseconds;

nanoseconds rounded(double seconds) {
  return nanoseconds(std::llround(seconds * 1e9));
}

/// Draws run after run.
class Simulation {
 public:
  Simulation(const SimulatedQueue& queue, std::uint64_t seed)
      : queue_(queue), random_(seed), gap_(queue.rate), run_(queue.requests) {
    if (queue.holds.empty()) {
      exponential_.emplace(1 / queue.mean_hold.count());
    } else {
      one_of_.emplace(0, queue.holds.size() - 1);
    }
  }

  const std::vector<Stay>& next_run() {
    std::optional<FifoPool> pool;
    if (queue_.threads > 0) pool.emplace(queue_.threads);
    nanoseconds now{0};
    for (Stay& stay : run_) {
      now += rounded(gap_(random_));
      const nanoseconds hold = draw_hold();
      stay.enqueued = now;
      stay.started = pool ? pool->start(now, hold) : now;
      stay.ended = stay.started + hold;
    }
    return run_;
  }

 private:
  nanoseconds draw_hold() { return one_of_ ? queue_.holds[(*one_of_)(random_)] : rounded((*exponential_)(random_)); }

  const SimulatedQueue& queue_;
  boost::random::mt19937_64 random_;
  boost::random::exponential_distribution<> gap_;
  std::optional<boost::random::exponential_distribution<>> exponential_;
  std::optional<boost::random::uniform_int_distribution<std::size_t>> one_of_;
  std::vector<Stay> run_;
};

/// How far from the nearer end of its figure each run's value stands, at its worst figure: how many values could be
/// left out there before it. Of equals, all but one could.
std::vector<std::size_t> depths(const std::vector<FigureSample>& figures) {
  const std::size_t runs = figures.front().size();
  std::vector<std::size_t> depth(runs, runs);
  for (const FigureSample& figure : figures) {
    FigureSample sorted = figure;
    std::sort(sorted.begin(), sorted.end());
    for (std::size_t run = 0; run < runs; ++run) {
      const auto below = std::upper_bound(sorted.begin(), sorted.end(), figure[run]) - sorted.begin() - 1;
      const auto above = sorted.end() - std::lower_bound(sorted.begin(), sorted.end(), figure[run]) - 1;
      depth[run] = std::min({depth[run], static_cast<std::size_t>(below), static_cast<std::size_t>(above)});
    }
  }
  return depth;
}

}  // namespace

std::vector<Band> joint_bands(const std::vector<FigureSample>& figures, double share) {
  std::vector<std::size_t> depth = depths(figures);
  std::sort(depth.begin(), depth.end());
  const auto left_out = static_cast<std::size_t>(std::lround((1 - share) * static_cast<double>(depth.size())));
  const std::size_t cut = depth[std::min(left_out, depth.size() - 1)];
  std::vector<Band> bands;
  for (FigureSample sorted : figures) {
    std::sort(sorted.begin(), sorted.end());
    bands.push_back({.low = sorted[cut], .high = sorted[sorted.size() - 1 - cut]});
  }
  return bands;
}

SimulationPlan plan_simulation(std::size_t checked) {
  constexpr double false_alarms = 0.05;
  constexpr std::size_t simulated_for_each = 100;
  const SimulationPlan one;
  return {.runs = std::max(one.runs, simulated_for_each * checked),
          .share = 1 - false_alarms / static_cast<double>(checked)};
}

void simulate_runs(const SimulatedQueue& queue, const SimulationPlan& plan,
                   const std::function<void(const std::vector<Stay>&)>& look) {
  Simulation simulation(queue, plan.seed);
  for (std::size_t run = 0; run < plan.runs; ++run) {
    look(simulation.next_run());
    if (plan.progress) plan.progress(run + 1, plan.runs);
  }
}

}  // namespace waitlab::client
