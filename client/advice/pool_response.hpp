#pragma once

#include "client/advice/hold_law.hpp"
#include "client/theory/queueing.hpp"

#include <optional>

namespace waitlab::client {

/// What a service level asks of response times: a percentile, or the mean, below a limit.
struct ResponseGoal {
  std::optional<double> quantile;  ///< strictly between 0 and 1; none: the mean
  Seconds limit{0};                ///< above 0
};

/// The figure of the holds alone: what a request takes where nothing queues (M/G/infinity).
Seconds hold_figure(const HoldLaw& hold, const ResponseGoal& goal);

/// Response times of Poisson arrivals at so many threads behind one unbounded first-in-first-out queue (M/G/c), each
/// held by a request for its hold. Exact for exponential holds (M/M/c). For others the wait is that of M/M/c stretched
/// by Allen and Cunneen's factor, (1 + scv) / 2, and taken to be independent of the hold that follows it. Refers to the
/// hold, which must outlive it.
class PoolResponse {
 public:
  /// `rate` per second above 0, `threads` at least 1, and the hold's `scv` finite.
  PoolResponse(double rate, const HoldLaw& hold, unsigned threads);

  bool stable() const { return queue_.stable(); }

  /// Of a stable pool only.
  bool meets(const ResponseGoal& goal) const;
  Seconds figure(const ResponseGoal& goal) const;

 private:
  double tail(Seconds t) const;

  const HoldLaw& hold_;
  PoolQueue queue_;
  double stretch_;  ///< of the wait, beside that of M/M/c
};

/// The smallest pool of up to `most` threads that meets the goal; nothing if none does, or if the hold's `scv` is
/// infinite, so that no formula tells.
std::optional<unsigned> smallest_pool(double rate, const HoldLaw& hold, const ResponseGoal& goal, unsigned most);

}  // namespace waitlab::client
