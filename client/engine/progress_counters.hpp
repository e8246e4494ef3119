#pragma once

#include <atomic>
#include <cstdint>

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

}  // namespace waitlab::client
