#pragma once

#include "client/engine/load_options.hpp"

#include <chrono>

namespace waitlab::client {

/// Shows on stderr where a run stands: one line redrawn in place on a terminal, one line a second otherwise. Clears its
/// line from the terminal when destroyed.
class ProgressLine {
 public:
  ProgressLine();
  ~ProgressLine();

  void show(const LoadProgress& progress);

 private:
  bool on_terminal_;
  LoadProgress last_;
  double rate_ = 0;
};

}  // namespace waitlab::client
