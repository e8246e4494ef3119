#pragma once

#include <chrono>
#include <cstddef>
#include <optional>

namespace waitlab::client::fleet {

/// How far a remote clock is ahead of the local one, from round trips: each asks the remote for its time. The remote
/// answered at some moment of the round trip, so its time minus the middle of that is the offset, wrong by at most half
/// the round trip, however the time splits between the two ways. The smallest round trip says it best (Cristian:
/// "Probabilistic clock synchronization", 1989). Both clocks are steady ones: what is their origin does not matter.
/// Not thread-safe.
class ClockOffset {
 public:
  using Time = std::chrono::nanoseconds;  ///< since the origin of a clock

  /// A round trip: sent and received by the local clock, answered by the remote one. One that ends before it began is
  /// passed over.
  void add(Time sent, Time answered, Time received);

  std::size_t round_trips() const noexcept { return round_trips_; }
  /// The smallest; these three are meaningful only after the first.
  Time round_trip() const noexcept { return round_trip_; }
  /// Remote minus local.
  Time offset() const noexcept { return offset_; }
  /// The offset is at most so far from the truth.
  Time uncertainty() const noexcept { return round_trip_ / 2; }

  /// What the remote clock shows at that moment of the local one.
  Time remote(Time local) const noexcept { return local + offset_; }

 private:
  std::size_t round_trips_ = 0;
  Time round_trip_{0};
  Time offset_{0};
};

}  // namespace waitlab::client::fleet
