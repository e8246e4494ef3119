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
  client_failed,  ///< the client could not put the load on, so nothing is known of the server
};

/// Where to look for a capacity. Rates are in requests per second.
struct SearchRange {
  double from = 10;         ///< the first rate; none below it is tried
  double most = 100'000;    ///< none above it is tried; at least `from`
  double precision = 0.05;  ///< the search ends when the failing rate is at most this share above the passing; >= 0.005
};

/// Finds the highest rate that passes: doubles the rate until one fails, then bisects, by the geometric mean rounded to
/// four digits. Noise fails a probe more easily than it lets one pass, so a rate that failed is probed once more, and
/// only the second failure counts. Knows no clock and no network. Not thread-safe.
class CapacitySearch {
 public:
  struct Failed {
    double rate;
    ProbeVerdict verdict;
  };

  explicit CapacitySearch(const SearchRange& range);

  /// The rate to probe; nothing once the search is over.
  const std::optional<double>& next() const noexcept { return next_; }
  /// What the probe at `next` showed. Only while there is one.
  void feed(ProbeVerdict verdict);

  const std::optional<double>& highest_passed() const noexcept { return passed_; }
  const std::optional<Failed>& lowest_failed() const noexcept { return failed_; }

 private:
  std::optional<double> rate_after() const;

  SearchRange range_;
  std::optional<double> next_;
  bool repeats_ = false;
  std::optional<double> passed_;
  std::optional<Failed> failed_;
};

/// What a probe showed, and why it did not pass.
struct ProbeOutcome {
  ProbeVerdict verdict = ProbeVerdict::passed;
  std::string why;  ///< empty if it passed
};

/// Judges a run at a steady rate. It passes if the run is valid, each threshold is met, and the server kept up
/// (second_half.hpp).
///
/// A run that is not valid says nothing of the server, with two exceptions: nothing completed at all; or it is not
/// valid because all connections were busy, the client had CPU to spare, and the service times, which know nothing of
/// the wait for a connection, miss the thresholds by themselves.
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
