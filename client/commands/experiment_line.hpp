#pragma once

#include "client/experiment/runner.hpp"

#include <string>

namespace waitlab::client {

/// Shows on stderr where an experiment stands: one line redrawn in place on a terminal, one line a run otherwise.
/// Clears its line from the terminal when destroyed.
class ExperimentLine {
 public:
  ExperimentLine();
  ~ExperimentLine();

  void show(const ExperimentProgress& progress);
  /// Prints a line that stays.
  void tell(const std::string& message);

 private:
  bool on_terminal_;
  std::size_t run_shown_ = 0;
};

}  // namespace waitlab::client
