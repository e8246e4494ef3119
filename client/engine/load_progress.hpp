#pragma once

#include "client/record/load_record.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>

namespace waitlab::client {

/// A count that one thread raises and others may read at any time. Cheaper than fetch_add: no locked instruction. Who
/// sees it raised sees all that the thread did before, such as raising another.
class LiveCount {
 public:
  void add_one() noexcept { value_.store(value_.load(std::memory_order_relaxed) + 1, std::memory_order_release); }
  std::uint64_t value() const noexcept { return value_.load(std::memory_order_acquire); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

/// What a load thread shows while it runs, warm-up included. Written by that thread, read by any.
struct ProgressCounters {
  LiveCount sent;
  LiveCount completed;
  LiveCount errors;    ///< failed, timed out, or an error status
  LiveCount finished;  ///< of `sent`, those no longer in flight
};

/// Where a run stands. Counts include the warm-up.
struct LoadProgress {
  enum class Phase { warmup, measuring, draining };

  Phase phase = Phase::warmup;
  std::chrono::nanoseconds elapsed{0};              ///< since the first request could start
  std::optional<std::chrono::nanoseconds> planned;  ///< warm-up and window together, if known
  std::optional<double> offered_rate;               ///< what the schedule asks for now, per second; open loop only
  std::uint64_t sent = 0;
  std::uint64_t completed = 0;
  std::uint64_t errors = 0;  ///< failed, timed out, or an unwanted response
  std::uint64_t in_flight = 0;

  /// The response times of the measured requests so far, and of those that ended in the last whole second. They lag
  /// behind by up to two slices (slice.hpp). Valid during the call; null while there are none.
  const CensoredHistogram* so_far = nullptr;
  const CensoredHistogram* last_second = nullptr;
  std::uint64_t measured_ended = 0;   ///< measured requests that ended in any way
  std::uint64_t measured_errors = 0;  ///< of these, the ones with an error
  std::uint64_t seconds = 0;          ///< whole measured seconds so far: `last_second` is a new one whenever this grows

  /// The phase in a word, for people.
  const char* phase_name() const noexcept {
    switch (phase) {
      case Phase::warmup:
        return "warm-up";
      case Phase::measuring:
        return "measuring";
      case Phase::draining:
        break;
    }
    return "draining";
  }
};

}  // namespace waitlab::client
