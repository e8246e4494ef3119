#pragma once

#include "client/engine/load_progress.hpp"
#include "client/experiment/runner.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace waitlab::client {

/// How many requests complete per second at present, renewed once a second. Not thread-safe.
class RunRate {
 public:
  /// Whether a second was over, and the rate is new.
  bool renew(const LoadProgress& progress);
  /// Nothing within the first second.
  const std::optional<double>& per_second() const noexcept { return per_second_; }

 private:
  std::chrono::nanoseconds elapsed_{0};  ///< when it was last renewed
  std::uint64_t completed_ = 0;
  std::optional<double> per_second_;
};

/// "387/s", or "-" where it is not known.
std::string rate_text(const std::optional<double>& per_second);

/// Where a run stands, in one line of 80 columns without its end: the response times are those so far.
std::string progress_line(const LoadProgress& progress, const std::optional<double>& per_second);

/// Prints on stderr where a run stands, a line a second.
class ProgressLine {
 public:
  void show(const LoadProgress& progress);

 private:
  RunRate rate_;
};

/// Shows on stderr where an experiment stands: one line redrawn in place where the terminal can, one line a run
/// otherwise. Clears its line from the terminal when destroyed.
class ExperimentLine {
 public:
  ExperimentLine();
  ~ExperimentLine();

  void show(const ExperimentProgress& progress);
  /// Prints a line that stays.
  void tell(const std::string& message);

 private:
  bool redraws_;
  std::size_t run_shown_ = 0;
};

}  // namespace waitlab::client
