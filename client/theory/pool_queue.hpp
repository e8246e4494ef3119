#pragma once

#include "client/theory/seconds.hpp"

namespace waitlab::client {

/// M/M/c: Poisson arrivals, exponential holds, so many threads behind one unbounded first-in-first-out queue (Erlang
/// 1917; Allen, "Probability, Statistics and Queueing Theory", 1990). Everything but the first three calls, and
/// `wait_growth`, is only defined for a stable queue. Immutable.
class PoolQueue {
 public:
  /// `rate` per second and `mean_hold` above 0, `threads` at least 1.
  PoolQueue(double rate, Seconds mean_hold, unsigned threads);

  double offered_load() const { return rate_ * mean_hold_.count(); }
  double utilisation() const { return offered_load() / threads_; }
  bool stable() const { return utilisation() < 1; }

  /// How many seconds the wait grows in a second when more is offered than the threads can do; else 0.
  double wait_growth() const { return stable() ? 0 : utilisation() - 1; }

  double wait_probability() const { return wait_probability_; }
  Seconds mean_wait() const;
  Seconds mean_response() const { return mean_wait() + mean_hold_; }

  /// P(wait > t) and P(response > t).
  double wait_tail(Seconds t) const;
  double response_tail(Seconds t) const;

  /// For `quantile` in [0, 1).
  Seconds response_quantile(double quantile) const;

 private:
  double rate_;
  Seconds mean_hold_;
  unsigned threads_;
  double wait_probability_;
  double drain_rate_;  ///< theta = c mu - lambda
};

/// Allen and Cunneen's approximation (Allen 1990) of the mean wait where arrivals or holds follow other laws, by the
/// squared coefficients of variation of the gaps and of the holds (1 for exponential ones). A sanity figure: some 20 %
/// off at a utilisation of 0.5, 5 % at 0.95.
Seconds allen_cunneen_wait(const PoolQueue& queue, double gap_scv, double hold_scv);

}  // namespace waitlab::client
