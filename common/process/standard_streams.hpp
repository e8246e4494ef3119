#pragma once

#include <string_view>

namespace waitlab {

/// To be called first in a program. A standard stream that is closed would be the next file or socket to be opened, and
/// get what is printed. Something else is put in its place: to write to it fails, but to stderr's, which takes all, as
/// whoever closes stderr does not want to read it. A write to a pipe that nobody reads, or beyond the size that a file
/// may have (`ulimit -f`), becomes an error where it is tried instead of the program's end.
void prepare_standard_streams();

/// Writes text to stderr. What cannot be written, as after the terminal was closed, is lost, and the work goes on.
/// Thread-safe.
void say(std::string_view text);

}  // namespace waitlab
