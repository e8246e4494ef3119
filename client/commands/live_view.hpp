#pragma once

#include "client/commands/live_frame.hpp"
#include "client/commands/live_history.hpp"
#include "client/commands/progress_line.hpp"
#include "client/commands/run_rate.hpp"
#include "client/engine/load_progress.hpp"

#include <cstddef>
#include <vector>

namespace waitlab::client {

/// Shows on stderr where a run stands. On a terminal that can move its cursor, a picture redrawn in place, which is
/// gone when the view is destroyed; else, or where `allow_tui` is false, a line a second. The environment variable
/// NO_COLOR keeps it from using colours. It changes no mode of the terminal, so there is nothing to set right if the
/// program is killed. Not thread-safe.
class LiveView {
 public:
  explicit LiveView(bool allow_tui);
  ~LiveView();
  LiveView(const LiveView&) = delete;
  LiveView& operator=(const LiveView&) = delete;

  void show(const LoadProgress& progress);

 private:
  void redraw(const LoadProgress& progress);

  bool in_place_;
  ProgressLine line_;
  RunRate rate_;
  LiveHistory history_;
  std::vector<std::size_t> drawn_;  ///< how wide each line of the picture on the terminal is
};

}  // namespace waitlab::client
