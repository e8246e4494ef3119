#pragma once

#include <string>

namespace waitlab::client {

/// Sends the cursor to the start of its line and clears the line.
inline constexpr const char* erase_line = "\r\x1b[K";

/// Whether stderr is a terminal whose cursor can be moved, so that what was printed can be replaced.
bool stderr_can_redraw();

/// Tells of a detour on stderr before the load starts: a run may be long, and its notes come at the end.
void warn_of_detour(const std::string& detour);

}  // namespace waitlab::client
