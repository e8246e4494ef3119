#pragma once

#include <array>

namespace waitlab::client {

/// The percentiles that every result shows, and their names in result files.
inline constexpr std::array<double, 4> shown_quantiles{0.50, 0.90, 0.99, 0.999};
inline constexpr std::array<const char*, 4> shown_quantile_names{"p50", "p90", "p99", "p999"};

/// For each of `shown_quantiles`: how many independent samples the recorded ones are worth. 0: not known, so each
/// sample is taken for an independent one.
using EffectiveSamples = std::array<double, shown_quantiles.size()>;

}  // namespace waitlab::client
