#pragma once

#include <chrono>
#include <cstddef>

namespace waitlab::client {

/// How far an experiment is, and how long it still takes: as planned at first, and by its own pace once it has one,
/// which knows what starting and draining cost here. Not thread-safe.
class Pace {
 public:
  /// `planned` is for all of the runs.
  Pace(std::chrono::nanoseconds planned, std::size_t runs);

  /// A run is made.
  void count_made();
  /// These runs will not be made.
  void skip(std::size_t runs);

  /// The run under way, from 1.
  std::size_t current() const;
  std::chrono::nanoseconds left() const;

 private:
  using Clock = std::chrono::steady_clock;

  const std::chrono::nanoseconds planned_;
  const std::size_t runs_;
  std::size_t made_ = 0;
  std::size_t skipped_ = 0;
  Clock::duration spent_{0};               ///< on those that were made
  Clock::time_point mark_ = Clock::now();  ///< when the last one was made or skipped
};

}  // namespace waitlab::client
