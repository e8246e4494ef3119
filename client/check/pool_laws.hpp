#pragma once

#include "client/check/check.hpp"
#include "client/check/conditions.hpp"
#include "client/check/run_logs.hpp"
#include "client/check/stays.hpp"
#include "client/record/load_result.hpp"
#include "client/theory/queueing.hpp"

#include <vector>

namespace waitlab::client {

/// How far the real starts were from those of an ideal pool, as absolute differences.
struct ReplayResidual {
  Seconds p50{0};
  Seconds p99{0};
};

/// Holds each start against the one that an ideal pool of so many threads would have made of it: at once, or as soon as
/// all but `threads` - 1 of the earlier requests have ended. Those have their real ends, so what one start is late by
/// is not charged to the next ones again, however busy the pool. It assumes no law of arrivals or holds, so it is
/// stronger than any formula. `stays` are in the order of enqueueing and not empty; they must be all that the pool
/// served since it was last empty.
ReplayResidual replay(const std::vector<Stay>& stays, unsigned threads);

/// Above this utilisation a pool is not held to Erlang-C, only shown: at 0.95, half a millisecond of overhead a request
/// moves the mean response from 155 to 187 ms. A run's own utilisation strays from the one that was meant, so one up to
/// `utilisation_slack` above, relatively, is judged as well.
inline constexpr double most_judged_utilisation = 0.8;
inline constexpr double utilisation_slack = 0.05;

/// What a pool's laws are held against: its threads, and the load as it really was.
struct PoolLoad {
  unsigned threads = 0;
  double rate = 0;       ///< of arrivals, per second
  Seconds mean_hold{0};  ///< of a thread, by the server's log; without it, of the backend
  double utilisation() const { return rate * mean_hold.count() / threads; }
};

/// Nothing without arrivals and holds to go by. `threads` at least 1.
std::optional<PoolLoad> pool_load(const RunLogs& logs, unsigned threads);

/// The real starts against those of an ideal pool with the same arrivals and ends. No law of arrivals or holds is
/// assumed, so it is judged at any utilisation: the one that is known is only as right as the threads that are claimed.
/// Allowed: 1 % of the mean hold at the median and 10 % at p99, at least 0.1 ms and 1 ms, which is what waking
/// a thread takes on a busy machine. Needs the server's log.
std::vector<Finding> check_replay(const RunLogs& logs, const PoolLoad& pool, const Conditions& conditions);

/// Waits and response times against M/M/c with this run's own rate and mean hold. Allowed is what the planned share of
/// simulated runs of as many requests keep to in all figures at once. A wait counts if it is longer than replay allows
/// a start to be off by at p99, and 1 % more may count, so that no hand-over that replay allows is taken for queueing.
/// Without the server's log, the client's own times are held against it, and the waits can't be. Where holds or
/// arrivals follow other laws, Allen and Cunneen's mean is shown.
std::vector<Finding> check_erlang(const LoadResult& load, const RunLogs& logs, const PoolLoad& pool,
                                  const Conditions& conditions, const SimulationPlan& plan);

}  // namespace waitlab::client
