#include "client/advice/pool_response.hpp"

#include <algorithm>
#include <cmath>

namespace waitlab::client {
namespace {

/// Holds are gone through in slices of equal width of -ln(1 - u), which makes the slow ones as fine as the others.
constexpr int hold_slices = 400;
constexpr double slowest_slice = 20;  // beyond it are 2e-9 of the holds
constexpr int figure_halvings = 40;

}  // namespace

Seconds hold_figure(const HoldLaw& hold, const ResponseGoal& goal) {
  return goal.quantile ? hold.quantile(*goal.quantile) : hold.mean();
}

PoolResponse::PoolResponse(double rate, const HoldLaw& hold, unsigned threads)
    : hold_(hold), queue_(rate, hold.mean(), threads), stretch_((1 + hold.scv()) / 2) {}

/// P(hold > t), and of the holds up to t the share whose wait fills what is left of t.
double PoolResponse::tail(Seconds t) const {
  if (hold_.is_exponential()) return queue_.response_tail(t);
  const double within = hold_.share_within(t);
  const double end = std::min(-std::log1p(-within), slowest_slice);
  const double width = end / hold_slices;
  double late = 0;
  for (int i = 0; i < hold_slices; ++i) {
    const double middle = -std::expm1(-(i + 0.5) * width);
    const double share = std::exp(-i * width) * -std::expm1(-width);
    late += share * queue_.wait_tail(std::max(t - hold_.quantile(middle), Seconds(0)) / stretch_);
  }
  return 1 - within + late;
}

bool PoolResponse::meets(const ResponseGoal& goal) const {
  if (!goal.quantile) return figure(goal) < goal.limit;
  return tail(goal.limit) < 1 - *goal.quantile;
}

Seconds PoolResponse::figure(const ResponseGoal& goal) const {
  if (!goal.quantile) return allen_cunneen_wait(queue_, 1, hold_.scv()) + hold_.mean();
  const double beyond = 1 - *goal.quantile;
  Seconds low(0);
  Seconds high = hold_figure(hold_, goal) + hold_.mean();
  while (tail(high) > beyond) {
    low = high;
    high *= 2;
  }
  for (int i = 0; i < figure_halvings; ++i) {
    const Seconds middle = (low + high) / 2;
    (tail(middle) > beyond ? low : high) = middle;
  }
  return high;
}

std::optional<unsigned> smallest_pool(double rate, const HoldLaw& hold, const ResponseGoal& goal, unsigned most) {
  if (!std::isfinite(hold.scv())) return std::nullopt;
  const auto meets = [&](unsigned threads) {
    const PoolResponse response(rate, hold, threads);
    return response.stable() && response.meets(goal);
  };
  if (most == 0 || !meets(most)) return std::nullopt;
  unsigned misses = 0;
  unsigned found = most;
  while (found - misses > 1) {
    const unsigned middle = misses + (found - misses) / 2;
    (meets(middle) ? found : misses) = middle;
  }
  return found;
}

}  // namespace waitlab::client
