#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace waitlab::client {

/// Where a run stands. Counts include the warm-up.
struct LoadProgress {
  enum class Phase { warmup, measuring, draining };

  Phase phase = Phase::warmup;
  std::chrono::nanoseconds elapsed{0};              ///< since the first request could start
  std::optional<std::chrono::nanoseconds> planned;  ///< warm-up and window together, if known
  std::uint64_t sent = 0;
  std::uint64_t completed = 0;
  std::uint64_t errors = 0;  ///< failed, timed out, or an error status
  std::uint64_t in_flight = 0;

  /// The phase in a word, for people.
  const char* phase_name() const noexcept;
};

}  // namespace waitlab::client
