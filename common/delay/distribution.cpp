#include "common/delay/distribution.hpp"

#include "common/config/units.hpp"
#include "common/delay/recording.hpp"

#include <boost/math/special_functions/erf.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <numbers>
#include <utility>
#include <vector>

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

/// Pareto's own (type I): the share above x is (min / x)^alpha.
double pareto(const Delay& delay, double u) {
  return count_ns(delay.min) * std::exp(-std::log1p(-u) / delay.alpha);
}

double total_weight(const Delay& delay) {
  double total = 0;
  for (const DelayProfile::Part& part : delay.parts)
    total += part.weight;
  return total;
}

double bimodal(const Delay& delay, double u) {
  const double wanted = u * total_weight(delay);  // below the sum of all, which is added up in the same order
  double sum = 0;
  const auto is_reached = [&](const DelayProfile::Part& part) { return wanted < (sum += part.weight); };
  return count_ns(std::ranges::find_if(delay.parts, is_reached)->delay);
}

double replay(const Delay& delay, double u) {
  const auto& recorded = *delay.recorded;
  return count_ns(recorded[static_cast<std::size_t>(u * static_cast<double>(recorded.size()))]);
}

Result<void> accept_any(Delay&, const std::string&) {
  return {};
}

Result<void> prepare_uniform(Delay& delay, const std::string& prefix) {
  if (delay.min <= delay.max) return {};
  return Failure{fmt::format("{0}min ({1}) is above {0}max ({2}): lower the one or raise the other", prefix,
                             format_duration(delay.min), format_duration(delay.max))};
}

Result<void> prepare_lognormal(Delay& delay, const std::string& prefix) {
  using std::chrono::nanoseconds;
  if (delay.median <= nanoseconds::zero())
    return Failure{fmt::format("{}median is {}: a lognormal delay needs a median above zero, such as 35ms", prefix,
                               format_duration(delay.median))};
  if (delay.p99 > delay.median) return {};
  return Failure{fmt::format("{0}p99 ({1}) is not above {0}median ({2}): raise it", prefix, format_duration(delay.p99),
                             format_duration(delay.median))};
}

Result<void> prepare_pareto(Delay& delay, const std::string& prefix) {
  if (delay.min > std::chrono::nanoseconds::zero()) return {};
  return Failure{fmt::format("{}min is {}: a pareto delay needs a min above zero, such as 10ms", prefix,
                             format_duration(delay.min))};
}

Result<void> prepare_bimodal(Delay& delay, const std::string& prefix) {
  if (total_weight(delay) > 0) return {};
  return Failure{fmt::format(
      R"({}parts {}: a bimodal delay needs parts such as [{{"weight": 9, "delay": "10ms"}}, {{"weight": 1, "delay": "300ms"}}])",
      prefix, delay.parts.empty() ? "is empty" : "have no weight")};
}

Result<void> prepare_replay(Delay& delay, const std::string& prefix) {
  if (delay.file.empty())
    return Failure{prefix + "file is empty: a replay needs the path of a file with a delay on each line"};
  auto recorded = read_recording(delay.file, delay.column);
  if (!recorded) return Failure{prefix + "file: " + recorded.error().message};
  delay.recorded = std::make_shared<const std::vector<std::chrono::nanoseconds>>(std::move(*recorded));
  return {};
}

std::string describe_parts(const Delay& delay) {
  const double total = total_weight(delay);
  std::string text;
  for (const DelayProfile::Part& part : delay.parts)
    text +=
        fmt::format("{}{:.3g} % {}", text.empty() ? "" : ", ", 100 * part.weight / total, format_duration(part.delay));
  return text;
}

constexpr std::array<Distribution, 7> table{{
    {"fixed", fixed, accept_any, [](const Delay& delay) { return format_duration(delay.value); }},
    {"uniform", uniform, prepare_uniform,
     [](const Delay& delay) {
       return fmt::format("{} to {}", format_duration(delay.min), format_duration(delay.max));
     }},
    {"exponential", exponential, accept_any, [](const Delay& delay) { return "mean " + format_duration(delay.mean); }},
    {"lognormal", lognormal, prepare_lognormal,
     [](const Delay& delay) {
       return fmt::format("median {}, p99 {}", format_duration(delay.median), format_duration(delay.p99));
     }},
    {"pareto", pareto, prepare_pareto,
     [](const Delay& delay) { return fmt::format("min {}, alpha {:g}", format_duration(delay.min), delay.alpha); }},
    {"bimodal", bimodal, prepare_bimodal, describe_parts},
    {"replay", replay, prepare_replay, [](const Delay& delay) { return "of " + delay.file; }},
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
