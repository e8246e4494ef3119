#pragma once

#include "client/record/experiment_result.hpp"
#include "client/record/quantiles.hpp"
#include "client/report/comparison.hpp"
#include "client/theory/queueing.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace waitlab::client {

/// A target as a queueing system: the number of its requests that the backend can hold at once, and of those that may
/// queue.
struct WaitingLine {
  std::optional<unsigned> servers;   ///< the fewer of the target's workers and the backend's cap; nothing: no limit
  std::optional<unsigned> room;      ///< places in the queue; nothing: no limit
  std::chrono::nanoseconds hold{0};  ///< mean, exponentially distributed
  unsigned calls = 1;                ///< of a request, all at once
};

/// The queueing system that the facts of its strategy and the experiment's settings make of a target. Nothing where
/// they don't tell, or no known law covers it: the target is not a waitlab server whose facts are known, arrivals are
/// not Poisson, delays are not exponential, a full backend rejects requests, or the requests do more than wait for it.
std::optional<WaitingLine> waiting_line(const ExperimentResult& result, const ExperimentTarget& target);

/// Without a queue, with an unbounded one, and with a bounded one.
inline constexpr std::array<std::string_view, 3> theory_laws{"M/G/inf", "Erlang-C", "M/M/c/K"};

/// The error rate from which on a target's figures must not be taken at face value: response times are those of the
/// successful responses alone, and a rejected request takes next to no CPU time.
inline constexpr double many_errors_percent = 1;

/// Response times that theory expects at one offered rate, of the accepted requests: where a bounded queue is full,
/// requests are rejected, and have none.
struct TheoryPoint {
  double rate = 0;  ///< per second
  Seconds mean{0};
  std::array<Seconds, shown_quantiles.size()> percentiles{};  ///< in the order of `shown_quantiles`
};

/// What queueing theory expects of one target.
struct Theory {
  std::size_t target = 0;  ///< index into the result's targets
  std::string law;         ///< one of `theory_laws`
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
