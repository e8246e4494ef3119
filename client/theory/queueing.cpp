#include "client/theory/queueing.hpp"

#include <boost/math/special_functions/gamma.hpp>
#include <boost/math/tools/roots.hpp>

#include <algorithm>
#include <cmath>
#include <functional>

namespace waitlab::client {

double erlang_b(double offered_load, unsigned servers) {
  double blocked = 1;
  for (unsigned k = 1; k <= servers; ++k)
    blocked = offered_load * blocked / (k + offered_load * blocked);
  return blocked;
}

double erlang_c(double offered_load, unsigned servers) {
  const double utilisation = offered_load / servers;
  if (utilisation >= 1) return 1;
  const double blocked = erlang_b(offered_load, servers);
  return blocked / (1 - utilisation * (1 - blocked));
}

namespace {

/// Where the two rates of the response's tail are closer than this, relatively, their difference has no digits left and
/// the limit for equal ones is the better answer.
constexpr double as_good_as_equal = 1e-9;

/// The least t with tail(t) <= 1 - quantile, by bisection to nine digits. `tail` is P(X > t), falling to 0; `quantile`
/// in [0, 1); `scale`: a time of the order of the answer, above 0, to begin with.
Seconds tail_quantile(const std::function<double(Seconds)>& tail, double quantile, Seconds scale) {
  const auto above = [&](double seconds) { return tail(Seconds(seconds)) - (1 - quantile); };
  if (above(0) <= 0) return Seconds(0);
  double most = scale.count();
  while (above(most) > 0)
    most *= 2;
  constexpr int bits = 30;
  return Seconds(boost::math::tools::bisect(above, 0.0, most, boost::math::tools::eps_tolerance<double>(bits)).second);
}

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

Seconds fan_out_mean(Seconds mean_hold, unsigned calls) {
  double harmonic = 0;
  for (unsigned k = 1; k <= calls; ++k)
    harmonic += 1.0 / k;
  return mean_hold * harmonic;
}

Seconds fan_out_quantile(Seconds mean_hold, unsigned calls, double quantile) {
  return -mean_hold * std::log1p(-std::pow(quantile, 1.0 / calls));
}

double goetz_threads(double cores, double utilisation, Seconds wait, Seconds compute) {
  return cores * utilisation * (1 + wait / compute);
}

namespace {

constexpr double large = 1e100;
/// A state so rare changes no percentile that anybody looks at, and its tail takes long to compute.
constexpr double negligible = 1e-12;

/// P(X + Y > t) for X the sum of `ends` exponential times of rate threads * mu, and Y one of rate mu: a wait until so
/// many holds have ended, and then the hold. By conditioning on X.
double wait_and_hold_tail(unsigned ends, unsigned threads, double mu, double t) {
  namespace math = boost::math;
  if (threads == 1) return math::gamma_q(ends + 1.0, mu * t);
  const double faster = (threads - 1) * mu;
  return math::gamma_q(static_cast<double>(ends), threads * mu * t) +
         std::exp(-mu * t) * std::pow(threads * mu / faster, ends) *
             math::gamma_p(static_cast<double>(ends), faster * t);
}

}  // namespace

BoundedPool::BoundedPool(double rate, Seconds mean_hold, unsigned threads, unsigned room)
    : rate_(rate), mean_hold_(mean_hold), threads_(threads), probabilities_{1} {
  const double load = rate * mean_hold.count();
  double sum = 1;
  const auto make_it_1 = [&] {
    for (double& probability : probabilities_)
      probability /= sum;
    sum = 1;
  };
  for (unsigned n = 1; n <= threads + room; ++n) {
    probabilities_.push_back(probabilities_.back() * load / std::min(n, threads));
    sum += probabilities_.back();
    if (sum > large) make_it_1();  // so that no load and no room overflow it
  }
  make_it_1();
}

Seconds BoundedPool::mean_response() const {
  double present = 0;
  for (std::size_t n = 0; n < probabilities_.size(); ++n)
    present += static_cast<double>(n) * probabilities_[n];
  return Seconds(present / served_rate());  // Little
}

double BoundedPool::response_tail(Seconds t) const {
  const double mu = 1 / mean_hold_.count();
  double tail = 0;
  for (unsigned n = 0; n + 1 < probabilities_.size(); ++n) {
    if (probabilities_[n] < negligible) continue;
    tail += probabilities_[n] *
            (n < threads_ ? std::exp(-mu * t.count()) : wait_and_hold_tail(n - threads_ + 1, threads_, mu, t.count()));
  }
  return tail / (1 - lost_share());
}

Seconds BoundedPool::response_quantile(double quantile) const {
  return tail_quantile([this](Seconds t) { return response_tail(t); }, quantile, mean_hold_);
}

}  // namespace waitlab::client
