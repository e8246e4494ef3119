#include "client/theory/pool_queue.hpp"

#include "client/theory/erlang.hpp"
#include "client/theory/tail_quantile.hpp"

#include <cmath>

namespace waitlab::client {
namespace {

/// Where the two rates of the response's tail are closer than this, relatively, their difference has no digits left and
/// the limit for equal ones is the better answer.
constexpr double as_good_as_equal = 1e-9;

}  // namespace

PoolQueue::PoolQueue(double rate, Seconds mean_hold, unsigned threads)
    : rate_(rate),
      mean_hold_(mean_hold),
      threads_(threads),
      wait_probability_(erlang_c(offered_load(), threads)),
      drain_rate_(threads / mean_hold.count() - rate) {}

Seconds PoolQueue::mean_wait() const {
  return Seconds(wait_probability_ / drain_rate_);
}

double PoolQueue::wait_tail(Seconds t) const {
  return wait_probability_ * std::exp(-drain_rate_ * t.count());
}

double PoolQueue::response_tail(Seconds t) const {
  const double mu = 1 / mean_hold_.count();
  const double served = std::exp(-mu * t.count());
  const double apart = drain_rate_ - mu;
  if (std::abs(apart) < as_good_as_equal * mu) return served * (1 + wait_probability_ * mu * t.count());
  const double drained = std::exp(-drain_rate_ * t.count());
  return (1 - wait_probability_) * served + wait_probability_ * (drain_rate_ * served - mu * drained) / apart;
}

Seconds PoolQueue::response_quantile(double quantile) const {
  return tail_quantile([this](Seconds t) { return response_tail(t); }, quantile, mean_hold_);
}

Seconds allen_cunneen_wait(const PoolQueue& queue, double gap_scv, double hold_scv) {
  return queue.mean_wait() * (gap_scv + hold_scv) / 2;
}

}  // namespace waitlab::client
