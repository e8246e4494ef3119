#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace waitlab {

/// The width that text for a terminal is made for.
inline constexpr std::size_t terminal_columns = 80;

/// How many characters the UTF-8 text has, which are columns of a terminal for all that is printed here.
std::size_t columns_of(std::string_view text);

/// The text broken between words into lines of at most `width` characters, where the words allow; each ends in a
/// newline. Lines after the first are indented by `indent` spaces; the first is taken to follow as many characters.
std::string wrap(std::string_view text, std::size_t width, std::size_t indent = 0);

}  // namespace waitlab
