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

/// Response times that theory expects at one offered rate, of the requests that are served: those that find no room in
/// a bounded queue are turned away, and have none.
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
  std::string law;  ///< "M/G/inf" where nobody queues, "Erlang-C" in an unbounded queue, "M/M/c/K" in a bounded one
  WaitingLine line;
  /// Of a pool: the threads beyond which more keep no CPU busier (`goetz_threads`), by the CPU time of its own
  /// requests. Nothing where at every level more than 1 % of them went wrong or no run was valid.
  std::optional<double> goetz;
  /// By ascending rate, each offered one among them, as far as the law goes: Erlang-C ends at the servers' capacity.
  /// Empty for a closed loop.
  std::vector<TheoryPoint> curve;

  /// Requests per second that the servers can finish, if they are limited.
  std::optional<double> capacity() const;
};

/// For each target that a known law covers (`waiting_line`), in the result's order.
std::vector<Theory> theory_of(const ExperimentResult& result, const Comparison& comparison);

}  // namespace waitlab::client
