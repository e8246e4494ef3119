#pragma once

#include "client/commands/run_rate.hpp"
#include "client/engine/load_progress.hpp"

#include <string>

namespace waitlab::client {

/// Where a run stands, in one line of 80 columns without its end: the response times are those so far.
std::string progress_line(const LoadProgress& progress, double per_second);

/// Prints on stderr where a run stands, a line a second.
class ProgressLine {
 public:
  void show(const LoadProgress& progress);

 private:
  RunRate rate_;
};

}  // namespace waitlab::client
