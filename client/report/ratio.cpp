#include "client/report/ratio.hpp"

#include <boost/math/distributions/students_t.hpp>

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>

namespace waitlab::client {
namespace {

/// Of the logarithms of some figures.
struct LogSample {
  double n = 0;
  double mean = 0;
  double variance_of_mean = 0;  ///< 0 for one figure
};

LogSample log_sample(const std::vector<double>& figures) {
  LogSample sample{.n = static_cast<double>(figures.size())};
  for (const double figure : figures)
    sample.mean += std::log(figure) / sample.n;
  double squares = 0;
  for (const double figure : figures)
    squares += std::pow(std::log(figure) - sample.mean, 2);
  if (figures.size() > 1) sample.variance_of_mean = squares / (sample.n - 1) / sample.n;
  return sample;
}

Estimate student_interval(double log_value, double variance, double freedom) {
  const boost::math::students_t_distribution<double> law(freedom);
  const double margin = boost::math::quantile(law, 0.975) * std::sqrt(variance);
  return {.value = std::exp(log_value), .low = std::exp(log_value - margin), .high = std::exp(log_value + margin)};
}

/// The distance of two figures on the log scale, squared; nothing if one of them is missing.
std::optional<double> squared_distance(std::optional<double> one, std::optional<double> other) {
  if (!one || !other || *one <= 0 || *other <= 0) return std::nullopt;
  return std::pow(std::log(*one / *other), 2);
}

}  // namespace

Estimate geometric_mean(const std::vector<double>& figures) {
  const LogSample sample = log_sample(figures);
  if (figures.size() < 2) return {.value = std::exp(sample.mean)};
  return student_interval(sample.mean, sample.variance_of_mean, sample.n - 1);
}

Estimate paired_ratio(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<double> ratios;
  std::ranges::transform(a, b, std::back_inserter(ratios), std::divides());
  return geometric_mean(ratios);
}

Estimate welch_ratio(const std::vector<double>& a, const std::vector<double>& b) {
  const LogSample of_a = log_sample(a);
  const LogSample of_b = log_sample(b);
  const double difference = of_a.mean - of_b.mean;
  const double variance = of_a.variance_of_mean + of_b.variance_of_mean;
  if (variance == 0) return {.value = std::exp(difference), .low = std::exp(difference), .high = std::exp(difference)};
  const double spread_of_variance =
      std::pow(of_a.variance_of_mean, 2) / (of_a.n - 1) + std::pow(of_b.variance_of_mean, 2) / (of_b.n - 1);
  return student_interval(difference, variance, std::pow(variance, 2) / spread_of_variance);
}

Estimate mover_ratio(const Estimate& a, const Estimate& b) {
  const double log_ratio = std::log(a.value / b.value);
  Estimate ratio{.value = std::exp(log_ratio)};
  const auto a_below = squared_distance(a.low, a.value);
  const auto b_above = squared_distance(b.high, b.value);
  if (a_below && b_above) ratio.low = std::exp(log_ratio - std::sqrt(*a_below + *b_above));
  const auto a_above = squared_distance(a.high, a.value);
  const auto b_below = squared_distance(b.low, b.value);
  if (a_above && b_below) ratio.high = std::exp(log_ratio + std::sqrt(*a_above + *b_below));
  return ratio;
}

Estimate no_finer_than(double share, Estimate estimate) {
  if (estimate.low) estimate.low = std::min(*estimate.low, estimate.value * std::exp(-share));
  if (estimate.high) estimate.high = std::max(*estimate.high, estimate.value * std::exp(share));
  return estimate;
}

}  // namespace waitlab::client
