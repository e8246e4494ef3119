#pragma once

#include "client/record/experiment_result.hpp"
#include "client/report/comparison.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace waitlab::client {

/// A figure in the first repeats.
inline Spread spread_of(std::initializer_list<double> values) {
  std::map<unsigned, double> by_repeat;
  for (const double value : values)
    by_repeat.emplace(by_repeat.size(), value);
  return spread_of(std::move(by_repeat));
}

/// A figure's median, by the figure.
using Medians = std::map<Metric, double>;

/// A target that answers all of `rate`, with modest costs.
inline Medians keeps_up(double rate, double p99 = 233) {
  return {{Metric::arrived, rate}, {Metric::achieved, rate}, {Metric::errors, 0}, {Metric::p50, 35},
          {Metric::p99, p99},      {Metric::cpu, 90},        {Metric::memory, 7}, {Metric::threads, 3},
          {Metric::switches, 2},   {Metric::queued, 0},      {Metric::hold, 50.1}};
}

/// Other figures in place of some.
inline Medians with(Medians medians, const Medians& changes) {
  for (const auto& [metric, value] : changes)
    medians[metric] = value;
  return medians;
}

/// What is answered well whether the errors are answers or time-outs, which came too late to be counted as answers.
inline double good_rate_of(const std::map<Metric, double>& medians) {
  const auto get = [&](Metric metric) { return medians.contains(metric) ? medians.at(metric) : 0; };
  return std::min(get(Metric::achieved), get(Metric::arrived) * (1 - get(Metric::errors) / 100));
}

/// A cell made of figures that a test writes down, with a spread of 2 % around each median. Each target has its own
/// good and bad repeats. The good answers follow from the other figures if they are not among them.
inline Cell cell_of(std::size_t target, std::map<Metric, double> medians, double spread = 0.02) {
  medians.try_emplace(Metric::good, good_rate_of(medians));
  Cell cell{.target = target, .runs = 3, .valid = true, .troubles = {}, .figures = {}};
  for (const auto& [metric, median] : medians) {
    const std::array values{median * (1 - spread), median, median * (1 + spread)};
    cell[metric] = spread_of({values[target % 3], values[(target + 1) % 3], values[(target + 2) % 3]});
  }
  return cell;
}

/// An experiment with these targets and rates and no runs.
inline ExperimentResult result_of(const std::vector<std::string>& targets, const std::vector<double>& rates) {
  ExperimentResult result;
  result.name = "mine";
  result.load.levels = rates;
  result.repeats = 3;
  result.load.duration = std::chrono::seconds(3);
  result.placement = {.server = {1}, .client_and_backend = {0}};
  for (const std::string& name : targets)
    result.targets.push_back({.name = name, .family = name});
  return result;
}

}  // namespace waitlab::client
