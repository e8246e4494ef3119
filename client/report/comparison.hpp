#pragma once

#include "client/record/experiment_result.hpp"
#include "client/record/load_record.hpp"
#include "client/record/time_split.hpp"
#include "client/report/ratio.hpp"
#include "client/stats/figures.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace waitlab::client {

/// A share of the requests, in [0, 1), and the time that this share did not exceed.
struct CurvePoint {
  double quantile = 0;
  std::chrono::nanoseconds time{0};
};

using PercentileCurve = std::vector<CurvePoint>;

/// The response times at quantiles from 0 on, ten to each further nine; 50, 75, 90, 95, 99, 99.5, 99.9 % and so on are
/// among them. It ends where the samples do: at the last quantile that they carry (`percentile`) and of which more is
/// known than a lower bound.
PercentileCurve percentile_curve(const CensoredHistogram& times);

/// A figure over the repeats that have it.
struct Spread {
  unsigned runs = 1;
  double median = 0;
  double min = 0;
  double max = 0;
  bool at_least = false;                   ///< some repeat knows only a lower bound
  std::map<unsigned, double> by_repeat{};  ///< the figure of each repeat that has it
  /// Of a figure that is taken from samples: each repeat's own 95 % confidence interval, as far as they give one.
  std::map<unsigned, Estimate> within{};
};

/// The median of an even number of values is the mean of the middle two. There must be a value.
Spread spread_of(std::map<unsigned, double> by_repeat);

/// One target at one level, over the repeats.
struct Cell {
  std::size_t target = 0;             ///< index into the result's targets
  unsigned runs = 0;                  ///< that the figures are of
  bool valid = true;                  ///< false: every run was invalid, and the figures are theirs
  std::vector<std::string> troubles;  ///< why runs are missing or left out, each reason once
  std::optional<unsigned> passed{};   ///< of these runs: how many met every threshold; nothing if none was set
  std::string first_miss{};           ///< "p99<200ms: 231 ms", of the first that did not; empty: all did
  std::array<std::optional<Spread>, figure_count> figures;
  PercentileCurve curve{};           ///< of the good answers of these runs together, time-outs as lower bounds
  std::optional<SplitMean> split{};  ///< of their good answers, if there are any
  /// Of the split's `backend`: how long the backend held a request, by its own log. The rest passed on the way, in a
  /// queue of the backend, or while its answer was there and the server had not got to it. Nothing where that log and
  /// the split may speak of other requests or calls: something went wrong, or a request does not make just one call.
  std::optional<double> backend_hold_ns{};
  std::optional<unsigned> workers{};  ///< of the target, where each request holds one
  unsigned comparisons = 1;  ///< of times, that the experiment offers to chance: the p50 and p99 of each two targets

  const std::optional<Spread>& operator[](Metric metric) const { return figures[metric.index]; }
  std::optional<Spread>& operator[](Metric metric) { return figures[metric.index]; }
};

struct LevelGroup {
  Level level;
  std::vector<Cell> cells;  ///< one for each target, in their order
};

/// All that an experiment found, side by side: by level, then by target.
using Comparison = std::vector<LevelGroup>;

/// Requests per second that the workers of the cell's target can carry, each held by a request for as long as was
/// measured; nothing where the number of workers limits nothing, or is not known.
std::optional<double> capacity_of(const Cell& cell, const Level& level);

/// For how long a request held its worker, on average; nothing where a request holds none, or it is not known.
std::optional<std::chrono::nanoseconds> mean_held(const Cell& cell, const Level& level);

/// The first of the cell's troubles, and how many more there are; empty if there are none.
std::string trouble_text(const Cell& cell);

/// Medians over the valid runs; over the invalid ones where no other is.
Comparison compare(const ExperimentResult& result);

}  // namespace waitlab::client
