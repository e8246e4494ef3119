#include "client/record/arrival_fit.hpp"

#include <fmt/format.h>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/special_functions/gamma.hpp>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <span>

namespace waitlab::client {
namespace {

constexpr double alpha = 0.001;
constexpr double shortest_judged_gap_ns = 2e6;
constexpr double least_ks_limit = 0.1;
constexpr std::size_t fewest_windows = 30;
constexpr double widest_low = 0.8;
constexpr double widest_high = 1.25;
constexpr double constant_limit = 0.25;

/// The asymptotic critical value of the two-sided Kolmogorov-Smirnov test.
double ks_critical_value(double samples) {
  return std::sqrt(-std::log(alpha / 2) / (2 * samples));
}

double variance_over_mean(std::span<const std::uint32_t> counts) {
  const auto n = static_cast<double>(counts.size());
  const double mean = std::accumulate(counts.begin(), counts.end(), 0.0) / n;
  if (mean == 0) return 0;
  const double squares = std::accumulate(counts.begin(), counts.end(), 0.0, [mean](double sum, double count) {
    return sum + (count - mean) * (count - mean);
  });
  return squares / (n - 1) / mean;
}

}  // namespace

ArrivalTally::ArrivalTally(bool poisson, unsigned threads, double window, double expected)
    : poisson_(poisson), threads_(threads), window_(window) {
  sums_.windows.reserve(static_cast<std::size_t>(expected / window) + 1);
}

double ArrivalTally::probability_up_to(double gap) const {
  return threads_ == 1 ? -std::expm1(-gap) : boost::math::gamma_p(threads_, gap);
}

void ArrivalTally::sent(double expected_so_far) {
  ++sums_.sends;
  if (poisson_ && last_) {
    const double probability = probability_up_to(std::max(0.0, expected_so_far - *last_));
    ++sums_.gaps[std::min(static_cast<std::size_t>(probability * bins), bins - 1)];
  }
  last_ = expected_so_far;
  const auto window = static_cast<std::size_t>(expected_so_far / window_);
  if (window >= sums_.windows.size()) sums_.windows.resize(window + 1);
  ++sums_.windows[window];
}

void ArrivalTally::merge(const Sums& other) {
  sums_.sends += other.sends;
  std::ranges::transform(sums_.gaps, other.gaps, sums_.gaps.begin(), std::plus{});
  sums_.windows.resize(std::max(sums_.windows.size(), other.windows.size()));
  std::ranges::transform(other.windows, sums_.windows, sums_.windows.begin(), std::plus{});
}

ArrivalFit ArrivalTally::fit(double mean_gap_ns) const {
  ArrivalFit fit;
  fit.sends = sums_.sends;
  judge_windows(fit);
  if (poisson_ && mean_gap_ns * threads_ >= shortest_judged_gap_ns) judge_gaps(fit);
  return fit;
}

void ArrivalTally::judge_gaps(ArrivalFit& fit) const {
  const auto total = static_cast<double>(std::accumulate(sums_.gaps.begin(), sums_.gaps.end(), std::uint64_t{0}));
  if (total == 0) return;
  double distance = 0;
  std::uint64_t passed = 0;
  for (std::size_t i = 0; i < bins; ++i) {
    passed += sums_.gaps[i];
    const double expected = static_cast<double>(i + 1) / bins;
    distance = std::max(distance, std::abs(static_cast<double>(passed) / total - expected));
  }
  fit.ks_distance = distance;
  fit.ks_limit = std::max(ks_critical_value(total / threads_), least_ks_limit);
  if (distance <= fit.ks_limit) return;
  fit.fits = false;
  fit.why_not = fmt::format(
      "the gaps between the sends are not those of Poisson arrivals (their distribution is {:.3f} away from it, limit "
      "{:.3f}, by Kolmogorov-Smirnov)",
      distance, fit.ks_limit);
}

void ArrivalTally::judge_windows(ArrivalFit& fit) const {
  if (sums_.windows.size() <= fewest_windows) return;
  const std::size_t whole = sums_.windows.size() - 1;
  const double dispersion = variance_over_mean(std::span(sums_.windows).first(whole));
  fit.dispersion = dispersion;
  fit.dispersion_most = constant_limit;
  if (poisson_) {
    const auto freedom = static_cast<double>(whole - 1);
    const boost::math::chi_squared_distribution<double> law(freedom);
    fit.dispersion_least = std::min(widest_low, boost::math::quantile(law, alpha / 2) / freedom);
    fit.dispersion_most = std::max(widest_high, quantile(boost::math::complement(law, alpha / 2)) / freedom);
  }
  fit.fits = fit.dispersion_least <= dispersion && dispersion <= fit.dispersion_most;
  if (fit.fits) return;
  fit.why_not = fmt::format(
      "the sends are {} than {} arrivals (the variance of their number in equal windows is {:.2f} times its mean, "
      "limit {:.2f})",
      dispersion > fit.dispersion_most ? "more bunched" : "more even", poisson_ ? "Poisson" : "constant", dispersion,
      dispersion > fit.dispersion_most ? fit.dispersion_most : fit.dispersion_least);
}

}  // namespace waitlab::client
