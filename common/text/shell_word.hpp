#pragma once

#include <string>

namespace waitlab {

/// The text as one word of a shell's command line that stands for exactly it: in single quotes, unless it needs none.
std::string shell_word(const std::string& text);

}  // namespace waitlab
