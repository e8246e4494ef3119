#pragma once

#include "client/commands/live_history.hpp"
#include "client/commands/progress_line.hpp"
#include "client/engine/load_progress.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace waitlab::client {

/// The terminal to draw on.
struct Screen {
  std::size_t columns = 80;
  std::size_t rows = 24;
  bool colour = false;  ///< adds to what the characters say, and takes nothing away
};

/// A picture of a run: its lines, none longer than the screen is wide, and one fewer than it is high at most. Where the
/// history does not fit it is left out. A pure function. `per_second`: requests completed at present.
std::vector<std::string> live_frame(const LoadProgress& progress, const std::optional<double>& per_second,
                                    const LiveHistory& history, const Screen& screen);

/// How many columns a line of the picture takes: colours take none.
std::size_t visible_columns(std::string_view line);

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
  /// A line that stays, above the picture that is drawn next.
  void tell(const std::string& line);

 private:
  void erase();
  void redraw(const LoadProgress& progress);

  bool in_place_;
  ProgressLine line_;
  RunRate rate_;
  LiveHistory history_;
  std::vector<std::size_t> drawn_;  ///< how wide each line of the picture on the terminal is
};

}  // namespace waitlab::client
