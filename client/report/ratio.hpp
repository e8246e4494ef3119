#pragma once

#include <optional>
#include <vector>

namespace waitlab::client {

/// A positive figure with its 95 % confidence interval. An end that nothing is known of is missing.
struct Estimate {
  double value = 0;
  std::optional<double> low = std::nullopt;
  std::optional<double> high = std::nullopt;

  /// The interval leaves this value out.
  bool differs_from(double other) const { return (low && *low > other) || (high && *high < other); }
};

/// How rarely an interval may leave out the true value.
inline constexpr double usual_risk = 0.05;

/// The geometric mean of the figures of repeated runs, which must be positive and at least one. Its interval is
/// Student's on their logarithms; one run has none.
Estimate geometric_mean(const std::vector<double>& figures, double risk = usual_risk);

/// The geometric mean of independent figures, positive and at least one, by the interval that each has of its own: on
/// the logarithms, their distances from the mean add up as squares. An end is missing where a figure lacks it.
Estimate mean_of_estimates(const std::vector<Estimate>& figures);

/// The ratio of two sides of repeats by the intervals that their runs have of their own (`mean_of_estimates`), which
/// `mover_ratio` takes for independent.
Estimate ratio_within_runs(const std::vector<Estimate>& a, const std::vector<Estimate>& b);

/// Both intervals in one; where one of them lacks an end, that of the other.
Estimate hull(const Estimate& one, const Estimate& other);

/// The estimate with its interval, of the usual risk, drawn out to another one as if its logarithm had a normal
/// distribution.
Estimate at_risk(double risk, Estimate estimate);

/// The geometric mean of the ratios of pairs of runs, a[i] to b[i], of which each pair had the same conditions;
/// positive and at least one. Its interval is Student's on the logarithms of the ratios (Student: "The probable error
/// of a mean", 1908), so what moves both of a pair alike is not in it; one pair has none. It asks for equal spreads no
/// more than `welch_ratio` does, and of pairs that share nothing it is only wider.
Estimate paired_ratio(const std::vector<double>& a, const std::vector<double>& b, double risk = usual_risk);

/// The ratio of the geometric means of two sets of unrelated runs, at least two each: Welch's t-interval on the
/// logarithms (Welch: "The generalization of Student's problem when several different population variances are
/// involved", 1947), which does not ask that both sides vary alike.
Estimate welch_ratio(const std::vector<double>& a, const std::vector<double>& b);

/// The ratio of two figures of which only intervals are known, independent of each other: the method of variance
/// estimates recovery on the logarithms (Donner & Zou: "Closed-form confidence intervals for functions of the normal
/// mean and standard deviation", 2012). An end is missing where an end that it needs is.
Estimate mover_ratio(const Estimate& a, const Estimate& b);

/// How many decimals, at least `least` of them, it takes to see on which side of 1 both ends lie: 1.04 is not 1.0.
int decimals_off_one(const Estimate& ratio, int least);

/// The estimate with an interval that leaves room for what its figures cannot tell: any true value within `share` of
/// the estimate lies in it. Figures that agree to their last digit have a spread of 0 and yet are not exact. A bound,
/// no variance: rounding takes repeats the same way, so that more of them teach nothing about it (JCGM 100:2008, "GUM",
/// F.2.2.1). An end that is missing stays so.
Estimate no_finer_than(double share, Estimate estimate);

}  // namespace waitlab::client
