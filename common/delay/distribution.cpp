#include "common/delay/distribution.hpp"

#include "common/config/units.hpp"

#include <boost/math/special_functions/erf.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace waitlab {
namespace {

using Delay = DelayProfile::Delay;

double count_ns(std::chrono::nanoseconds duration) {
  return static_cast<double>(duration.count());
}

/// The quantile function of the standard normal distribution. Staying in double keeps draws equal across platforms
/// whose long double differs.
double normal_quantile(double u) {
  using namespace boost::math::policies;
  return -std::numbers::sqrt2 * boost::math::erfc_inv(2 * u, policy<promote_double<false>>());
}

double fixed(const Delay& delay, double) {
  return count_ns(delay.value);
}

double uniform(const Delay& delay, double u) {
  return count_ns(delay.min) + u * count_ns(delay.max - delay.min);
}

double exponential(const Delay& delay, double u) {
  return -count_ns(delay.mean) * std::log1p(-u);
}

/// ln X is normal with mean ln(median) and a deviation that puts 99 % of X below `p99`.
double lognormal(const Delay& delay, double u) {
  static const double normal_p99 = normal_quantile(0.99);
  const double sigma = std::log(count_ns(delay.p99) / count_ns(delay.median)) / normal_p99;
  return count_ns(delay.median) * std::exp(sigma * normal_quantile(u));
}

Result<void> accept_any(const Delay&, const std::string&) {
  return {};
}

Result<void> check_uniform(const Delay& delay, const std::string& prefix) {
  if (delay.min <= delay.max) return {};
  return Failure{fmt::format("{0}delay.min ({1}) is above {0}delay.max ({2}): lower the one or raise the other", prefix,
                             format_duration(delay.min), format_duration(delay.max))};
}

Result<void> check_lognormal(const Delay& delay, const std::string& prefix) {
  using std::chrono::nanoseconds;
  if (delay.median <= nanoseconds::zero())
    return Failure{fmt::format("{}delay.median is {}: a lognormal delay needs a median above zero, such as 35ms",
                               prefix, format_duration(delay.median))};
  if (delay.p99 > delay.median) return {};
  return Failure{fmt::format("{0}delay.p99 ({1}) is not above {0}delay.median ({2}): raise it", prefix,
                             format_duration(delay.p99), format_duration(delay.median))};
}

constexpr std::array<Distribution, 4> table{{
    {"fixed", fixed, accept_any, [](const Delay& delay) { return format_duration(delay.value); }},
    {"uniform", uniform, check_uniform,
     [](const Delay& delay) {
       return fmt::format("{} to {}", format_duration(delay.min), format_duration(delay.max));
     }},
    {"exponential", exponential, accept_any, [](const Delay& delay) { return "mean " + format_duration(delay.mean); }},
    {"lognormal", lognormal, check_lognormal,
     [](const Delay& delay) {
       return fmt::format("median {}, p99 {}", format_duration(delay.median), format_duration(delay.p99));
     }},
}};

}  // namespace

std::span<const Distribution> distributions() {
  return table;
}

const Distribution* find_distribution(std::string_view name) {
  const auto found = std::ranges::find(table, name, &Distribution::name);
  return found == table.end() ? nullptr : &*found;
}

}  // namespace waitlab
