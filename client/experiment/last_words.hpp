#pragma once

#include <string>

namespace waitlab::client {

/// The last line in the file that is not blank, for a message to people: at most 300 characters of it, and whatever it
/// holds, UTF-8 without control characters. Empty if there is none. Of a file of any length only the end is read.
std::string last_words(const std::string& path);

}  // namespace waitlab::client
