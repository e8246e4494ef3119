#pragma once

#include "client/theory/seconds.hpp"

#include <vector>

namespace waitlab::client {

/// M/M/c/K: as PoolQueue, but only `room` requests may wait and one beyond is turned away (Allen 1990). Stable under
/// any load. Immutable.
class BoundedPool {
 public:
  /// `rate` per second and `mean_hold` above 0, `threads` at least 1, `room` 0 or more.
  BoundedPool(double rate, Seconds mean_hold, unsigned threads, unsigned room);

  /// The share of arrivals turned away.
  double lost_share() const { return probabilities_.back(); }
  double served_rate() const { return rate_ * (1 - lost_share()); }

  /// Of the requests that are served.
  Seconds mean_response() const;
  double response_tail(Seconds t) const;
  Seconds response_quantile(double quantile) const;

 private:
  double rate_;
  Seconds mean_hold_;
  unsigned threads_;
  std::vector<double> probabilities_;  ///< of n requests being there, for n from 0 to threads + room
};

}  // namespace waitlab::client
