#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace waitlab::client {

/// How much room there must be for a figure to be shown. Result files and the main tables have plenty.
enum class Room {
  little,  ///< a line of progress, the client's lag, the search for a capacity
  some,    ///< a row of each step, of each request of a mix, of each target; the live view
  plenty,
};

/// A percentile that every result shows.
struct Quantile {
  double share;
  std::string_view key;      ///< in result files and thresholds
  std::string_view label;    ///< for people
  Room room;                 ///< and wherever there is more of it
  std::size_t column;        ///< how wide its column is in a terminal's table of targets; 0: it has none
  std::string_view meaning;  ///< how many of the successful requests were faster
  bool younger = false;      ///< results without it are older ones, and are read
};

/// All of them, in their order: a further line is a further percentile, in every table, file and page.
inline constexpr std::array shown_quantiles{
    Quantile{0.50, "p50", "p50", Room::little, 6, "half of the successful requests were faster than this"},
    Quantile{0.90, "p90", "p90", Room::some, 6, "90 % of successful requests were faster than this"},
    Quantile{0.99, "p99", "p99", Room::little, 6, "99 % of successful requests were faster than this"},
    Quantile{0.999, "p999", "p99.9", Room::plenty, 0, "99.9 % of successful requests were faster than this"},
};

/// Calls `visit` with each of them that is shown where there is this much room, and its place among all.
constexpr void each_quantile(Room room, const auto& visit) {
  for (std::size_t i = 0; i < shown_quantiles.size(); ++i) {
    if (shown_quantiles[i].room <= room) visit(shown_quantiles[i], i);
  }
}

/// For each of `shown_quantiles`: how many independent samples the recorded ones are worth. 0: not known, as in
/// a run too short to tell.
using EffectiveSamples = std::array<double, shown_quantiles.size()>;

}  // namespace waitlab::client
