#include "client/advice/hold_law.hpp"

#include "common/delay/distribution.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <utility>
#include <vector>

namespace waitlab::client {
namespace {

using Delay = DelayProfile::Delay;
using std::chrono::nanoseconds;

constexpr double boundless = std::numeric_limits<double>::infinity();

/// Of a distribution, in nanoseconds.
struct Moments {
  double mean = 0;
  double scv = 0;
};

double hold_ns(nanoseconds time) {
  return static_cast<double>(time.count());
}

Moments of_weighted(const std::vector<DelayProfile::Part>& parts) {
  double weight = 0;
  double sum = 0;
  double squares = 0;
  for (const DelayProfile::Part& part : parts) {
    weight += part.weight;
    sum += part.weight * hold_ns(part.delay);
    squares += part.weight * hold_ns(part.delay) * hold_ns(part.delay);
  }
  const double mean = sum / weight;
  return {mean, mean > 0 ? std::max(squares / weight / (mean * mean) - 1, 0.0) : 0};
}

Moments of_recorded(const std::vector<nanoseconds>& times) {
  std::vector<DelayProfile::Part> parts;
  parts.reserve(times.size());
  for (const nanoseconds time : times)
    parts.push_back({.weight = 1, .delay = time});
  return of_weighted(parts);
}

/// Of ln X: half its variance lifts the mean above the median.
Moments of_lognormal(const Delay& delay) {
  const double normal_p99 = 2.3263478740408408;
  const double sigma = std::log(hold_ns(delay.p99) / hold_ns(delay.median)) / normal_p99;
  return {hold_ns(delay.median) * std::exp(sigma * sigma / 2), std::expm1(sigma * sigma)};
}

Moments of_pareto(const Delay& delay) {
  const double alpha = delay.alpha;
  return {alpha > 1 ? hold_ns(delay.min) * alpha / (alpha - 1) : boundless,
          alpha > 2 ? 1 / (alpha * (alpha - 2)) : boundless};
}

Moments moments_of(const Delay& delay) {
  if (delay.distribution == "fixed") return {hold_ns(delay.value), 0};
  if (delay.distribution == "uniform") {
    const double mean = hold_ns(delay.min + delay.max) / 2;
    const double width = hold_ns(delay.max - delay.min);
    return {mean, mean > 0 ? width * width / 12 / (mean * mean) : 0};
  }
  if (delay.distribution == "lognormal") return of_lognormal(delay);
  if (delay.distribution == "pareto") return of_pareto(delay);
  if (delay.distribution == "bimodal") return of_weighted(delay.parts);
  if (delay.distribution == "replay") return of_recorded(*delay.recorded);
  return {hold_ns(delay.mean), 1};
}

Delay ascending(Delay delay) {
  std::ranges::sort(delay.parts, {}, &DelayProfile::Part::delay);
  if (delay.recorded) {
    auto sorted = std::make_shared<std::vector<nanoseconds>>(*delay.recorded);
    std::ranges::sort(*sorted);
    delay.recorded = std::move(sorted);
  }
  return delay;
}

}  // namespace

HoldLaw::HoldLaw(Delay delay, Delay ascending, double mean_ns, double scv)
    : delay_(std::move(delay)), ascending_(std::move(ascending)), mean_(mean_ns * 1e-9), scv_(scv) {}

HoldLaw::HoldLaw() : HoldLaw(Delay{}, Delay{}, hold_ns(Delay{}.mean), 1) {}

Result<HoldLaw> HoldLaw::of(Delay delay) {
  const Moments moments = moments_of(delay);
  if (moments.mean == boundless) {
    return Failure{fmt::format("a Pareto hold with an alpha of {:g} has no mean; give one above 1", delay.alpha)};
  }
  if (!(moments.mean > 0)) return Failure{"the mean hold is 0: nothing waits; give a time above 0, such as 50ms"};
  Delay sorted = ascending(delay);
  return HoldLaw(std::move(delay), std::move(sorted), moments.mean, moments.scv);
}

Seconds HoldLaw::quantile(double quantile) const {
  return Seconds(find_distribution(ascending_.distribution)->delay_ns(ascending_, quantile) * 1e-9);
}

double HoldLaw::share_within(Seconds t) const {
  constexpr int halvings = 40;
  double within = 0;
  double beyond = 1;
  for (int i = 0; i < halvings; ++i) {
    const double middle = (within + beyond) / 2;
    (quantile(middle) <= t ? within : beyond) = middle;
  }
  return beyond;
}

Result<Delay> scaled_to_mean(Delay delay, nanoseconds mean) {
  if (delay.distribution == "replay") return Failure{"a replay has the mean of its file"};
  if (mean <= nanoseconds::zero())
    return Failure{"the mean hold is 0: nothing waits; give a time above 0, such as 50ms"};
  const auto law = HoldLaw::of(delay);
  if (!law) return law.error();
  const double factor = hold_ns(mean) * 1e-9 / law->mean().count();
  const auto scale = [factor](nanoseconds& time) {
    constexpr double fine = 1e6;  // from here on, whole microseconds are exact enough, and read better
    constexpr double coarse = 1e3;
    const double scaled = hold_ns(time) * factor;
    const double step = scaled < fine ? 1 : coarse;
    time = nanoseconds(std::llround(scaled / step) * static_cast<std::int64_t>(step));
  };
  for (nanoseconds* time : {&delay.value, &delay.min, &delay.max, &delay.mean, &delay.median, &delay.p99})
    scale(*time);
  for (DelayProfile::Part& part : delay.parts)
    scale(part.delay);
  return delay;
}

}  // namespace waitlab::client
