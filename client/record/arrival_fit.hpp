#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace waitlab::client {

/// How well the requests as they were really sent fit the process that was asked for.
struct ArrivalFit {
  std::uint64_t sends = 0;
  /// Poisson only: the gaps against the exponential law, Kolmogorov-Smirnov. This and the next but one: nothing where
  /// it is not judged.
  std::optional<double> ks_distance;
  double ks_limit = 0;  ///< the greatest distance that still counts as a fit
  /// Variance over mean of the sends in equal windows: 1 for Poisson, 0 for constant.
  std::optional<double> dispersion;
  double dispersion_least = 0;  ///< the range that still counts as a fit
  double dispersion_most = 0;
  bool fits = true;
  std::string why_not;  ///< one sentence, if it does not fit
};

/// Sends of one load thread or, merged, of all. Times are counted in expected arrivals of the whole process since its
/// start (time-rescaling: Brown et al. 2002), in which every process has rate 1, whatever steps or ramps it goes
/// through. Recording costs some ns and allocates only as windows are added. Not thread-safe.
class ArrivalTally {
 public:
  static constexpr std::size_t bins = 200;  ///< of the gaps' probability integral transform

  /// All that is merged of a tally.
  struct Sums {
    std::uint64_t sends = 0;
    std::array<std::uint64_t, bins> gaps{};
    std::vector<std::uint32_t> windows{};  ///< sends in each
  };

  /// `threads` share the process, each sending every threads-th arrival; `window`: expected arrivals to a window, the
  /// same for all threads; `expected`: of the whole run, to make room for; 0 if not known.
  ArrivalTally(bool poisson, unsigned threads, double window, double expected);

  /// A request was sent when `expected_so_far` arrivals of the process were expected. Ascending.
  void sent(double expected_so_far);
  /// The other tally is of another thread of the same process, or of several in another program.
  void merge(const ArrivalTally& other) { merge(other.sums_); }
  void merge(const Sums& other);
  const Sums& sums() const noexcept { return sums_; }

  /// `mean_gap_ns`: between two arrivals of the whole process. Where the gaps are too short for a client to keep each
  /// of them (below 2 ms to a thread), only the dispersion is judged.
  ///
  /// The gaps of a thread are exponential, with more threads Erlang distributed. Each is put through its distribution
  /// function, which makes it uniform, and counted in one of 200 bins, so the Kolmogorov-Smirnov distance is found to
  /// within 0.005. Its limit is the critical value at 0.1 % for one thread's number of gaps (those of several threads
  /// overlap), and at least 0.1: the wake-ups of a client that is well in time make half as much.
  /// The dispersion is that of the counts in at least 30 whole windows, the last one, which may be cut, left out. Its
  /// range is the chi-square one at 0.1 % (Fisher 1925; Cox & Lewis 1966), and at least 0.8 to 1.25. Constant arrivals
  /// may have at most 0.25.
  ArrivalFit fit(double mean_gap_ns) const;

 private:
  double probability_up_to(double gap) const;
  void judge_gaps(ArrivalFit& fit) const;
  void judge_windows(ArrivalFit& fit) const;

  bool poisson_;
  unsigned threads_;
  double window_;
  std::optional<double> last_;
  Sums sums_;
};

}  // namespace waitlab::client
