#pragma once

#include <chrono>
#include <vector>

namespace waitlab::client {

/// Time as formulas want it.
using Seconds = std::chrono::duration<double>;

/// Erlang's loss formula (Erlang 1917): the share of Poisson arrivals that find all `servers` busy when nobody may
/// wait. `offered_load` = rate * mean hold, at least 0. By the recursion B_k = a B_(k-1) / (k + a B_(k-1)), which
/// neither overflows nor cancels.
double erlang_b(double offered_load, unsigned servers);

/// Erlang's delay formula (Erlang 1917): the share of Poisson arrivals that must wait, in one first-in-first-out queue
/// for `servers` with exponential holds. 1 where `offered_load` is not below `servers`: then everyone waits in the end.
double erlang_c(double offered_load, unsigned servers);

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

/// A request that makes `calls` parallel calls, at least one, each an exponential hold, and waits for the slowest (Dean
/// and Barroso, "The Tail at Scale", 2013): mean S H_n, quantile -S ln(1 - p^(1/n)). With one call: the hold itself,
/// which is what a request takes where nothing queues (M/G/infinity). `quantile` in [0, 1).
Seconds fan_out_mean(Seconds mean_hold, unsigned calls);
Seconds fan_out_quantile(Seconds mean_hold, unsigned calls, double quantile);

/// The number of threads beyond which more do not help (Goetz et al., "Java Concurrency in Practice", 2006, section
/// 8.2): cores * utilisation * (1 + wait / compute), where a request waits and computes so long and the cores are to be
/// so busy, in (0, 1]. `compute` above 0. It speaks of utilisation, not of latency.
double goetz_threads(double cores, double utilisation, Seconds wait, Seconds compute);

/// M/M/c/K: as PoolQueue, but only `room` requests may wait and one beyond is rejected (Allen 1990). Stable under
/// any load. Immutable.
class BoundedPool {
 public:
  /// `rate` per second and `mean_hold` above 0, `threads` at least 1, `room` 0 or more.
  BoundedPool(double rate, Seconds mean_hold, unsigned threads, unsigned room);

  /// The share of arrivals rejected.
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
