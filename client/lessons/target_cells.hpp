#pragma once

#include "client/lessons/lesson.hpp"
#include "client/record/experiment_result.hpp"
#include "client/report/comparison.hpp"
#include "client/stats/figures.hpp"
#include "client/theory/queueing.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace waitlab::client {

/// What an experiment of one level found, target by target. Refers to the result, which must outlive it.
class TargetCells {
 public:
  explicit TargetCells(const ExperimentResult& result);

  /// The target of this name must be one of the experiment's.
  const Cell& operator[](std::string_view target) const;

  /// Sentences for what a lesson has to confess: targets that were not measured, and those whose figures are of runs
  /// that are INVALID, for want of others. Empty if all is well.
  std::vector<std::string> troubles() const;

 private:
  const ExperimentResult& result_;
  Comparison comparison_;
};

/// The median over the repeats, in the unit of the figure; nothing where no run has it.
std::optional<double> median_of(const Cell& cell, Metric metric);

/// The same of a time.
std::optional<Seconds> median_time(const Cell& cell, Metric metric);

/// Readings of what there may be.
std::optional<Reading> reading_of_time(const std::optional<Seconds>& time);
std::optional<Reading> reading_of_rate(const std::optional<double>& per_second);

/// "1.02 s", or "nothing known" where there is none.
std::string time_text(const std::optional<Seconds>& time);

}  // namespace waitlab::client
