#pragma once

#include "client/theory/queueing.hpp"
#include "common/delay/delay_profile.hpp"
#include "common/result.hpp"

#include <string>

namespace waitlab::client {

/// How long requests are held: a delay of the slow backend, as queueing theory asks for it. Delays beyond
/// `longest_hold` are not cut here. Immutable.
class HoldLaw {
 public:
  /// The backend's default: exponential, 50 ms on average.
  HoldLaw();

  /// `delay` must have been prepared (`prepare_delay_profile`). Failure: its mean is 0, or it has none (a Pareto
  /// distribution with an alpha up to 1).
  static Result<HoldLaw> of(DelayProfile::Delay delay);

  Seconds mean() const { return mean_; }

  /// The variance divided by the square of the mean: 0 for a fixed hold, 1 for an exponential one, infinite for a
  /// Pareto distribution with an alpha up to 2.
  double scv() const { return scv_; }

  /// The time that a share `quantile` of the holds, strictly between 0 and 1, does not exceed.
  Seconds quantile(double quantile) const;

  /// The share of the holds that are no longer than `t`, to twelve digits.
  double share_within(Seconds t) const;

  bool is_exponential() const { return delay_.distribution == "exponential"; }

  /// "exponential, mean 50ms".
  std::string text() const { return describe_delay(delay_); }

  /// As it was given.
  const DelayProfile::Delay& delay() const { return delay_; }

 private:
  HoldLaw(DelayProfile::Delay delay, DelayProfile::Delay ascending, double mean_ns, double scv);

  DelayProfile::Delay delay_;
  DelayProfile::Delay ascending_;  ///< the same, its lists sorted: what is drawn from it is the quantile function
  Seconds mean_;
  double scv_;
};

/// The same distribution, with all of its times multiplied so that its mean becomes this. Failure as above; a replay
/// keeps the times of its file, and is refused.
Result<DelayProfile::Delay> scaled_to_mean(DelayProfile::Delay delay, std::chrono::nanoseconds mean);

}  // namespace waitlab::client
