#pragma once

#include <array>

namespace waitlab::client {

/// The percentiles that every result shows, and their names in result files.
inline constexpr std::array<double, 4> shown_quantiles{0.50, 0.90, 0.99, 0.999};
inline constexpr std::array<const char*, 4> shown_quantile_names{"p50", "p90", "p99", "p999"};
/// The same for people.
inline constexpr std::array<const char*, 4> shown_quantile_labels{"p50", "p90", "p99", "p99.9"};

/// For each of `shown_quantiles`: how many independent samples the recorded ones are worth. 0: not known, as in
/// a run too short to tell.
using EffectiveSamples = std::array<double, shown_quantiles.size()>;

}  // namespace waitlab::client
