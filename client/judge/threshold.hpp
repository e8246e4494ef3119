#pragma once

#include "client/record/load_result.hpp"
#include "common/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace waitlab::client {

/// A condition on a result, such as `p99<200ms`.
struct Threshold {
  enum class Metric { rate, errors, error_share, mean, min, max, percentile };
  enum class Order { less, at_most, greater, at_least };

  std::string text;  ///< as it was given
  Metric metric = Metric::rate;
  double quantile = 0;   ///< of Metric::percentile
  bool service = false;  ///< of the service time rather than the response time
  Order order = Order::less;
  double limit = 0;  ///< ns for times, per second for rate, a share for error_share
};

/// Reads METRIC, an order (< <= > >=) and a limit: `rate>380` (achieved, per second), `errors<1%`, `errors<=10`, and
/// for response times `mean`, `min`, `max`, `p50` to `p99.99` with a duration. `service_p99<50ms` is about service
/// times. Failure says what is wrong and what is known.
Result<Threshold> parse_threshold(std::string_view text);

/// Holds where no other threshold is about errors: an error that comes at once is fast, and must not pass for it.
inline constexpr const char* implied_threshold = "errors<1%";

/// Adds the implied one if none of them is about errors. Returns whether it did.
bool imply_errors(std::vector<Threshold>& thresholds);

/// What became of it. A figure that the samples can't carry, a rate of a few responses or of a moment, or what is only
/// a lower bound where an upper limit is set above it, is not met: what was not shown does not count. Errors are all
/// that `LoadRecord::error_count` counts, as a share of the requests that came to an end of their own. A threshold that
/// ended the run early is not met, with what was found then. A percentile whose limit lies within its 95 % interval is
/// shown with it.
ThresholdOutcome hold_against(const Threshold& threshold, const LoadResult& result);

/// The same of several, in their order.
std::vector<ThresholdOutcome> hold_against(const std::vector<Threshold>& thresholds, const LoadResult& result);

/// Whether another run may well find otherwise: of a percentile that has a value, whose limit lies within its 95 %
/// interval, or may do so, as an end of that is not known.
bool is_close(const Threshold& threshold, const LoadResult& result);

/// Each as it was given.
std::vector<std::string> texts_of(const std::vector<Threshold>& thresholds);

}  // namespace waitlab::client
