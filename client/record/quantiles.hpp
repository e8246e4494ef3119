#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace waitlab::client {

/// A percentile that every result shows.
struct Quantile {
  double share;
  std::string_view key;      ///< in result files and thresholds
  std::string_view label;    ///< for people
  std::size_t column;        ///< how wide its column is in a terminal's table of targets; 0: it has none
  std::string_view meaning;  ///< how many of the successful requests were faster
  bool younger = false;      ///< results without it are older ones, and are read
};

/// All of them, in their order: a further line is a further percentile, in every table, file and page.
inline constexpr std::array shown_quantiles{
    Quantile{0.50, "p50", "p50", 6, "half of the successful requests were faster than this"},
    Quantile{0.90, "p90", "p90", 6, "90 % of successful requests were faster than this"},
    Quantile{0.99, "p99", "p99", 7, "99 % of successful requests were faster than this"},
    Quantile{0.999, "p999", "p99.9", 0, "99.9 % of successful requests were faster than this"},
};

/// For each of `shown_quantiles`: how many independent samples the recorded ones are worth. 0: not known, as in
/// a run too short to tell.
using EffectiveSamples = std::array<double, shown_quantiles.size()>;

}  // namespace waitlab::client
