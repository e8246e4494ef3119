#pragma once

#include "client/advice/advised_kinds.hpp"
#include "client/advice/hold_law.hpp"
#include "client/advice/pool_response.hpp"
#include "client/judge/threshold.hpp"
#include "common/result.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace waitlab::client {

/// The share of its CPUs, or of a loop's one CPU, that a server is to use at most, so that what queues for a CPU stays
/// short beside what is held.
inline constexpr double busiest_share = 0.7;
/// Up to so many threads a pool is advised: any machine carries them. It is a choice, not a law.
inline constexpr unsigned most_pool_threads = 200;
/// The size that the server grants a pool at most.
inline constexpr unsigned largest_pool = 10'000;
/// From this squared coefficient of variation on, a pool's size hangs on a few long holds.
inline constexpr double heavy_scv = 4;
/// A request that keeps its CPU for longer than this share of the limit delays too many others on a loop.
inline constexpr double long_stretch_share = 0.1;

/// What is to be served, and by what.
struct AdviceLoad {
  double rate = 0;  ///< Poisson arrivals per second, above 0
  HoldLaw hold;
  std::string slo;  ///< as it was given: "p99<200ms"
  ResponseGoal goal;
  std::optional<unsigned> backend_concurrency{};  ///< holds that the backend serves at once, at least 1; none: no cap
  std::optional<Seconds> cpu_per_request{};       ///< all CPU time of a request; none: what was measured elsewhere
  double cpus = 1;                                ///< CPUs' worth of time that the server can have
  AdvisedStrategies strategies{};                 ///< that there are
  std::uint64_t thread_limit = 0;                 ///< threads that it may have
};

/// What the SLO asks; a Failure where theory has no figure for it: rates, errors, `min`, `max`, service times, and
/// lower limits.
Result<ResponseGoal> response_goal(const Threshold& slo);

enum class AdviceOutcome {
  use,           ///< the strategy advised
  hold_misses,   ///< no strategy: the holds alone miss the SLO
  backend_full,  ///< no strategy: more arrives than the backend serves
  backend_slow,  ///< no strategy: with the backend's own queue the SLO is missed
  cpus_too_few,  ///< no strategy on so many CPUs
};

/// A pool's size and the figure of the SLO with it; no figure: it does not keep up.
struct SizedPool {
  unsigned threads = 0;
  std::optional<Seconds> figure{};
};

struct Advice {
  AdviceLoad load;
  AdviceOutcome outcome = AdviceOutcome::use;
  std::optional<WaitKind> kind{};  ///< what to use
  unsigned size = 0;               ///< threads or loops of that; 0: it has no size

  Seconds hold_figure{0};              ///< the SLO's figure of the holds alone
  double waiting = 0;                  ///< on average, where nothing queues (Little)
  double most_waiting = 0;             ///< at 99.9 % of all moments not more (Poisson, by the normal distribution)
  unsigned keeps_up = 0;               ///< the smallest pool that is stable, whatever the SLO
  std::optional<SizedPool> meets{};    ///< the smallest pool that meets the SLO in front of an uncapped backend
  std::optional<SizedPool> smaller{};  ///< with one thread less
  double goetz = 0;                    ///< threads that keep the CPUs `busiest_share` busy

  /// With a cap: what the backend carries per second, and the SLO's figure behind its queue where that is known.
  std::optional<double> backend_rate{};
  std::optional<Seconds> backend_figure{};

  /// The strategy of this kind.
  const NamedStrategy& strategy(WaitKind of) const { return load.strategies[static_cast<std::size_t>(of)]; }
  /// CPU time of a request under this kind.
  Seconds cpu_time(WaitKind of) const;
  /// CPUs' worth of time that the load takes under it.
  double cpus_needed(WaitKind of) const { return load.rate * cpu_time(of).count(); }
};

/// A strategy and its size for this load, by theory. The rule, whose first line that applies decides:
///
///   1. The holds alone miss the SLO (M/G/infinity): no strategy helps.
///   2. A backend with a cap of N is a queue itself, M/G/N, whatever stands in front of it: what it cannot carry, or
///      misses the SLO by its own queue, no strategy serves. Async moves that queue; it adds no capacity.
///   3. The load takes more than `busiest_share` of the CPUs even on a loop: no strategy on this machine.
///   4. The smallest pool whose response meets the SLO (Erlang-C, or an approximation for holds that are not
///      exponential) has at most `most_pool_threads`, and no more than half of the threads allowed; the holds' scv is
///      below `heavy_scv`; and the CPUs suffice: a fixed pool of that size. A loop does the same without a size.
///   5. A request computes for longer than `long_stretch_share` of the SLO's limit: a loop with a pool for that.
///   6. One loop would keep its CPU more than `busiest_share` busy: loops on several CPUs.
///   7. Else one loop.
///
/// A pure function.
Advice advise(const AdviceLoad& load);

}  // namespace waitlab::client
