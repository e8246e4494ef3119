#pragma once

#include "client/theory/queueing.hpp"

#include <algorithm>
#include <chrono>
#include <functional>
#include <queue>
#include <vector>

namespace waitlab::client {

/// A request's stay at a queue and its thread, as offsets from any common origin.
struct Stay {
  std::chrono::nanoseconds enqueued{0};
  std::chrono::nanoseconds started{0};
  std::chrono::nanoseconds ended{0};

  std::chrono::nanoseconds wait() const { return started - enqueued; }
  std::chrono::nanoseconds hold() const { return ended - started; }
  std::chrono::nanoseconds response() const { return ended - enqueued; }
};

std::vector<double> seconds_of(const std::vector<std::chrono::nanoseconds>& times);

/// The smallest of the values that is no less than this share of them; reorders them. `values` must not be empty, and
/// `share` be in [0, 1].
double quantile(std::vector<double>& values, double share);

double mean(const std::vector<double>& values);

/// The variance over the square of the mean: 1 for an exponential law, 0 for a constant.
double squared_variation(const std::vector<double>& values);

/// How many requests were there at once, over the time from the first one's coming to the last one's leaving.
struct InFlight {
  double request_seconds = 0;  ///< the integral of their number over time
  Seconds span{0};
  double mean = 0;        ///< of their number, over time
  double dispersion = 0;  ///< variance over mean: 1 where the number is Poisson
};

/// By going through the comings and leavings in order. `stays` must not be empty; any order will do.
InFlight in_flight(const std::vector<Stay>& stays);

/// What tells one queue from another. Real and simulated runs are measured by the same code.
struct QueueFigures {
  double wait_share = 0;  ///< of the requests that waited longer than is noticeable
  Seconds mean{0};        ///< response times, as is the next
  Seconds p99{0};
};

/// `noticeable`: handing a request to a free thread takes a moment as well, which must not count as waiting. `stays`
/// must not be empty.
QueueFigures queue_figures(const std::vector<Stay>& stays, std::chrono::nanoseconds noticeable);

/// How far values are from an exponential law with their own mean.
struct ExponentialFit {
  double distance = 0;           ///< of the distribution functions at most (Kolmogorov-Smirnov)
  double limit = 0;              ///< what still counts as a fit
  double squared_variation = 0;  ///< 1 for an exponential law

  bool fits() const { return distance <= limit; }
};

/// The limit is the 95 % point of the distance among true samples of this size, 1.36 / sqrt(n), plus 0.02: a timer's
/// overshoot is always seen in a long run, and moves no queueing figure by more than it is off itself. `values` must
/// not be empty.
ExponentialFit fit_exponential(std::vector<double> values);

/// An ideal pool: threads that cost nothing, behind one first-in-first-out queue. Requests are given to it in the order
/// in which they are enqueued; times are offsets from any common origin. Not thread-safe.
class FifoPool {
 public:
  using Time = std::chrono::nanoseconds;

  /// `threads` at least 1, all free from the beginning of time.
  explicit FifoPool(unsigned threads) : free_at_(std::greater<>(), std::vector<Time>(threads, Time::min())) {}

  /// When a request starts that is enqueued then and holds a thread for so long: as soon as a thread is free.
  Time start(Time enqueued, Time hold) {
    const Time start = std::max(enqueued, free_at_.top());
    free_at_.pop();
    free_at_.push(start + hold);
    return start;
  }

 private:
  std::priority_queue<Time, std::vector<Time>, std::greater<>> free_at_;
};

}  // namespace waitlab::client
