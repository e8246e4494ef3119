#include "client/report/ratio.hpp"

#include <boost/math/distributions/normal.hpp>
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

Estimate student_interval(double log_value, double variance, double freedom, double risk = usual_risk) {
  const boost::math::students_t_distribution<double> law(freedom);
  const double margin = boost::math::quantile(boost::math::complement(law, risk / 2)) * std::sqrt(variance);
  return {.value = std::exp(log_value), .low = std::exp(log_value - margin), .high = std::exp(log_value + margin)};
}

/// The distance of two figures on the log scale, squared; nothing if one of them is missing.
std::optional<double> squared_distance(std::optional<double> one, std::optional<double> other) {
  if (!one || !other || *one <= 0 || *other <= 0) return std::nullopt;
  return std::pow(std::log(*one / *other), 2);
}

}  // namespace

Estimate geometric_mean(const std::vector<double>& figures, double risk) {
  const LogSample sample = log_sample(figures);
  if (figures.size() < 2) return {.value = std::exp(sample.mean)};
  return student_interval(sample.mean, sample.variance_of_mean, sample.n - 1, risk);
}

Estimate paired_ratio(const std::vector<double>& a, const std::vector<double>& b, double risk) {
  std::vector<double> ratios;
  std::ranges::transform(a, b, std::back_inserter(ratios), std::divides());
  return geometric_mean(ratios, risk);
}

Estimate mean_of_estimates(const std::vector<Estimate>& figures) {
  const auto n = static_cast<double>(figures.size());
  double log_mean = 0;
  std::optional<double> below = 0;
  std::optional<double> above = 0;
  for (const Estimate& figure : figures) {
    log_mean += std::log(figure.value) / n;
    const auto to_low = squared_distance(figure.low, figure.value);
    const auto to_high = squared_distance(figure.high, figure.value);
    below = below && to_low ? std::optional(*below + *to_low / (n * n)) : std::nullopt;
    above = above && to_high ? std::optional(*above + *to_high / (n * n)) : std::nullopt;
  }
  Estimate mean{.value = std::exp(log_mean)};
  if (below) mean.low = std::exp(log_mean - std::sqrt(*below));
  if (above) mean.high = std::exp(log_mean + std::sqrt(*above));
  return mean;
}

Estimate ratio_within_runs(const std::vector<Estimate>& a, const std::vector<Estimate>& b) {
  return mover_ratio(mean_of_estimates(a), mean_of_estimates(b));
}

Estimate hull(const Estimate& one, const Estimate& other) {
  Estimate both = one;
  both.low = one.low && other.low ? std::min(*one.low, *other.low) : one.low ? one.low : other.low;
  both.high = one.high && other.high ? std::max(*one.high, *other.high) : one.high ? one.high : other.high;
  return both;
}

Estimate at_risk(double risk, Estimate estimate) {
  const boost::math::normal_distribution<double> law;
  const auto quantile = [&law](double beyond) {
    return boost::math::quantile(boost::math::complement(law, beyond / 2));
  };
  const double factor = quantile(risk) / quantile(usual_risk);
  const auto drawn_out = [&](std::optional<double>& end) {
    if (end && *end > 0) end = estimate.value * std::pow(*end / estimate.value, factor);
  };
  drawn_out(estimate.low);
  drawn_out(estimate.high);
  return estimate;
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

int decimals_off_one(const Estimate& ratio, int least) {
  constexpr int most = 6;
  const auto rounds_to_one = [](const std::optional<double>& end, int decimals) {
    return end && *end != 1 && std::abs(*end - 1) < 0.5 * std::pow(10, -decimals);
  };
  int decimals = least;
  while (decimals < most && (rounds_to_one(ratio.low, decimals) || rounds_to_one(ratio.high, decimals)))
    ++decimals;
  return decimals;
}

Estimate no_finer_than(double share, Estimate estimate) {
  if (estimate.low) estimate.low = std::min(*estimate.low, estimate.value * std::exp(-share));
  if (estimate.high) estimate.high = std::max(*estimate.high, estimate.value * std::exp(share));
  return estimate;
}

}  // namespace waitlab::client
