#pragma once

#include "client/check/stays.hpp"
#include "client/theory/queueing.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace waitlab::client {

/// Where a figure of an honest run may lie.
struct Band {
  double low = 0;
  double high = 0;

  bool holds(double value) const { return low <= value && value <= high; }
};

/// A figure's value in each of many simulated runs.
using FigureSample = std::vector<double>;

/// For each figure the band that holds it in simulated runs, chosen so that this share of the runs lies in all bands at
/// once: with one figure its plain central band, with several a wider one, so that looking at more figures raises no
/// more false alarms. By ranks, so it assumes no law. All samples have the same size, above 0, runs in the same order.
std::vector<Band> joint_bands(const std::vector<FigureSample>& figures, double share);

/// The queue of which runs are simulated.
struct SimulatedQueue {
  std::size_t requests = 0;  ///< of a run, which begins with an empty queue
  double rate = 0;           ///< of the Poisson arrivals, per second
  unsigned threads = 0;      ///< 0: any number, nothing ever waits

  /// The holds to draw from; empty: exponential ones with `mean_hold`.
  std::vector<std::chrono::nanoseconds> holds{};
  Seconds mean_hold{0};
};

/// Told now and then how many of the runs are done.
using SimulationProgress = std::function<void(std::size_t done, std::size_t of)>;

/// How many runs are simulated, and what share of them the bands shall hold.
struct SimulationPlan {
  std::size_t runs = 400;
  double share = 0.95;
  std::uint64_t seed = 1;  ///< the same one gives the same runs
  SimulationProgress progress{};
};

/// For as many runs that are checked together: if all are honest, all are within their bands 95 times in 100 (at least;
/// Bonferroni: one of them alone strays 1 - 0.05 / checked). With at least 5 simulated runs beyond the bands, and at
/// least 400 in all.
SimulationPlan plan_simulation(std::size_t checked);

/// Simulates the planned runs, and calls `look` with each run's
/// requests in the order of enqueueing.
void simulate_runs(const SimulatedQueue& queue, const SimulationPlan& plan,
                   const std::function<void(const std::vector<Stay>&)>& look);

}  // namespace waitlab::client
