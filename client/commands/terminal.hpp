#pragma once

#include <string>

namespace waitlab::client {

/// Sends the cursor to the start of its line and clears the line.
inline constexpr const char* erase_line = "\r\x1b[K";

/// Whether stderr is a terminal whose cursor can be moved, so that what was printed can be replaced.
bool stderr_can_redraw();

/// The text as the user's locale can show it: where LC_ALL, LC_CTYPE or LANG, the first of them that is set, says C or
/// POSIX, with ASCII characters, as wide, in place of others. Where none is set, as in containers, it stays as it is.
std::string for_locale(const std::string& text);

/// Tells of a detour on stderr before the load starts: a run may be long, and its notes come at the end.
void warn_of_detour(const std::string& detour);

}  // namespace waitlab::client
