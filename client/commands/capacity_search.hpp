#pragma once

#include "client/judge/threshold.hpp"
#include "client/record/load_result.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace waitlab::client {

/// What a probe, a short run at one rate, showed.
enum class ProbeVerdict {
  passed,
  server_failed,
  client_failed,  ///< the client was at its limits and could not put the load on: nothing is known of the server
  spoilt,         ///< something else disturbed the client: nothing is known at all, and the probe does not count
};

/// What a probe showed, and why it did not pass.
struct ProbeOutcome {
  ProbeVerdict verdict = ProbeVerdict::passed;
  std::string why;     ///< empty if it passed
  bool close = false;  ///< chance may have decided: the limit lies within the interval of what was found
};

/// Where to look for a capacity. Rates are in requests per second.
struct SearchRange {
  double from = 10;         ///< the first rate; none below it is tried
  double most = 100'000;    ///< none above it is tried; at least `from`
  double precision = 0.05;  ///< the search ends when the failing rate is at most this share above the passing; >= 0.005
};

/// Finds the highest rate that passes: doubles the rate until one fails, then bisects, by the geometric mean rounded to
/// four digits, and at last confirms what it found. A clear pass settles a rate; else two passes or two failures do, by
/// probes that grow longer where the first was close: noise fails a probe more easily than it lets one pass. The
/// highest rate is then probed three times more, for longer; if two of these fail, it counts as failed, and the search
/// goes on below it. Probes that were spoilt do not count; three in a row count as a failure of the client, or end a
/// search that has found nothing yet, has a valid probe of that rate, or is at the end. Knows no clock and no network.
/// Not thread-safe.
class CapacitySearch {
 public:
  struct Failed {
    double rate;
    ProbeVerdict verdict;
  };

  /// How the highest rate stood the longer probes.
  struct Confirmation {
    unsigned passed = 0;
    unsigned of = 0;
  };

  explicit CapacitySearch(const SearchRange& range);

  /// The rate to probe; nothing once the search is over.
  const std::optional<double>& next() const noexcept { return next_; }
  /// How many times as long as usual that probe is to be.
  unsigned length() const noexcept;
  /// What the probe at `next` showed. Only while there is one.
  void feed(const ProbeOutcome& outcome);

  std::optional<double> highest_passed() const;
  const std::optional<Failed>& lowest_failed() const noexcept { return failed_; }
  /// Of `highest_passed`; none of none before it was tried.
  const Confirmation& confirmation() const noexcept { return confirmation_; }
  /// Whether it ended because probe after probe was spoilt.
  bool was_spoilt() const noexcept { return spoilt_ == most_spoilt; }

 private:
  static constexpr unsigned most_spoilt = 3;

  void settle(ProbeVerdict verdict);
  void confirm(const ProbeOutcome& outcome);
  void go_on();
  std::optional<double> rate_after() const;

  SearchRange range_;
  std::optional<double> next_;
  unsigned passes_ = 0;  ///< at this rate, as are the next two
  unsigned failures_ = 0;
  bool close_ = false;
  unsigned spoilt_ = 0;         ///< in a row
  std::vector<double> passed_;  ///< ascending
  std::optional<Failed> failed_;
  bool confirming_ = false;
  Confirmation confirmation_;
};

/// Judges a run at a steady rate. It passes if the run is valid, each threshold is met, and the server kept up
/// (second_half.hpp).
///
/// A run that is not valid says nothing of the server, with two exceptions: nothing completed at all; or it is not
/// valid because all connections were busy, the client had CPU to spare, and the service times, which know nothing of
/// the wait for a connection, miss the thresholds by themselves. It is the client that failed where its connections
/// were all busy or a load thread had no CPU to spare; otherwise the run was spoilt.
///
/// The outcome is close where the limit of a threshold lies within the 95 % interval of its percentile, or may do so,
/// as an end of that is not known.
ProbeOutcome judge_probe(const LoadResult& result, const std::vector<Threshold>& thresholds);

/// How long to probe at this rate: as long as was asked for, or longer where the percentiles among the thresholds need
/// more samples. Twice the fewest they need, so that chance does not take them away.
std::chrono::nanoseconds probe_time(std::chrono::nanoseconds asked, double rate,
                                    const std::vector<Threshold>& thresholds);

/// How long to load before a probe: as long as was asked for, or longer for a slow server: a few times what it takes
/// for single requests, so that what is in flight is there when the second half of the probe begins.
std::chrono::nanoseconds probe_warmup(std::chrono::nanoseconds asked,
                                      const std::optional<std::chrono::nanoseconds>& unloaded);

}  // namespace waitlab::client
