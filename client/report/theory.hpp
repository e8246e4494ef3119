#pragma once

#include "client/record/experiment_result.hpp"
#include "client/report/comparison.hpp"
#include "client/report/waiting_line.hpp"
#include "client/theory/seconds.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace waitlab::client {

/// The error rate from which on a target's figures must not be taken at face value: response times are those of the
/// successful responses alone, and a rejected request takes next to no CPU time.
inline constexpr double many_errors_percent = 1;

/// Response times that theory expects at one offered rate, of the accepted requests: where a bounded queue is full,
/// requests are rejected, and have none.
struct TheoryPoint {
  double rate = 0;  ///< per second
  Seconds mean{0};
  Seconds p50{0};
  Seconds p99{0};
  Seconds p999{0};
};

/// What queueing theory expects of one target.
struct Theory {
  std::size_t target = 0;  ///< index into the result's targets
  std::string law;  ///< "M/G/inf" without a queue, "Erlang-C" with an unbounded one, "M/M/c/K" with a bounded one
  WaitingLine line;
  /// Of a pool: the threads beyond which more do not raise CPU utilisation (`goetz_threads`), by the CPU time of its
  /// own requests. Nothing where every level has no valid run, or an error rate above `many_errors_percent`.
  std::optional<double> goetz;
  /// By ascending rate, each offered one among them, as far as the law goes: Erlang-C ends at the servers' capacity.
  /// Empty for a closed loop.
  std::vector<TheoryPoint> curve;

  /// Requests per second that the servers can serve, if their number is limited.
  std::optional<double> capacity() const;

  /// Whether the law is that of a bounded queue; a very long one counts as unbounded.
  bool bounded() const;
};

/// For each target that a known law covers (`waiting_line`), in the result's order.
std::vector<Theory> theory_of(const ExperimentResult& result, const Comparison& comparison);

}  // namespace waitlab::client
