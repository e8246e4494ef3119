#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace waitlab::client {

/// The width that text for a terminal is made for.
inline constexpr std::size_t terminal_columns = 80;

/// The text broken between words into lines of at most `width` characters, where the words allow; each ends in a
/// newline.
std::string wrap(std::string_view text, std::size_t width);

}  // namespace waitlab::client
