#pragma once

#include "client/engine/load_progress.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace waitlab::client {

/// The response times of the last seconds as a chart: a column for each second, the newest at the right, and a row for
/// each of some marks on a logarithmic scale. Each cell says how many of the second's requests took longer than the
/// mark. Not thread-safe.
class LiveHistory {
 public:
  static constexpr std::size_t most_seconds = 60;

  /// Takes over the last second, if it is a new one. Seconds that were missed, or in which nothing ended, stay empty.
  void add(const LoadProgress& progress);
  bool empty() const noexcept;

  /// Lines of at most `columns` characters, 48 or more: the marks, the axis, and what the shades mean. With `colour`,
  /// escape sequences for colours besides. No line if the history is empty.
  std::vector<std::string> chart(std::size_t columns, bool colour) const;

 private:
  /// Beyond each of these lie at most half, a tenth, a hundredth and none of a second's requests.
  struct Second {
    std::chrono::nanoseconds p50, p90, p99, max;
  };

  std::vector<std::chrono::nanoseconds> marks() const;
  static std::size_t shade(const std::optional<Second>& second, std::chrono::nanoseconds mark);
  std::string row(std::chrono::nanoseconds mark, std::size_t cells, bool colour) const;

  std::deque<std::optional<Second>> seconds_;  ///< the newest last
  std::uint64_t seen_ = 0;
};

}  // namespace waitlab::client
