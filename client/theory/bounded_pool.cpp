#include "client/theory/bounded_pool.hpp"

#include "client/theory/tail_quantile.hpp"

#include <boost/math/special_functions/gamma.hpp>

#include <algorithm>
#include <cmath>

namespace waitlab::client {
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
