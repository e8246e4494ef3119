#pragma once

#include "client/commands/live_history.hpp"
#include "client/engine/load_progress.hpp"

#include <cstddef>
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
std::vector<std::string> live_frame(const LoadProgress& progress, double per_second, const LiveHistory& history,
                                    const Screen& screen);

/// How many columns a line of the picture takes: colours take none.
std::size_t visible_columns(std::string_view line);

}  // namespace waitlab::client
