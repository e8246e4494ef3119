#pragma once

#include "client/record/experiment_result.hpp"
#include "client/report/comparison.hpp"

#include <optional>
#include <string>
#include <vector>

namespace waitlab::client {

/// One target at one rate, as a verdict sees it.
struct Contender {
  const ExperimentTarget* target = nullptr;
  const Cell* cell = nullptr;

  const std::string& name() const { return target->name; }
  const std::optional<Spread>& operator[](Metric metric) const { return (*cell)[metric]; }
  /// The median, or 0 where there is none.
  double median(Metric metric) const;
};

using Contenders = std::vector<Contender>;

/// How the targets stand to one another at one rate. Only those with valid figures are in it. Refers to the result and
/// the comparison it was made of.
struct Standing {
  double rate = 0;
  Contenders behind;  ///< they answered under 95 % of what came in
  Contenders slower;  ///< they kept up, with a p99 or a p50 beyond the best one's
  Contenders level;   ///< they kept up, and neither can be told from the best one's
  Contender best;     ///< the lowest p99 of those that kept up, of all if none did; empty if nobody is left

  bool empty() const { return best.cell == nullptr; }
};

Standing rank(const ExperimentResult& result, const RateGroup& group);

/// The response time by which one is slower than another beyond the spread of the repeats, the p99 first.
std::optional<Metric> slower_by(const Contender& one, const Contender& best);

/// Responses per second that were no errors.
double good_rate(const Contender& contender);

}  // namespace waitlab::client
