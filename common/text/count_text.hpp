#pragma once

#include <string>

namespace waitlab {

/// "1,234,567": a number as a whole one, its digits in threes; three digits of it where a double no longer counts.
std::string count_text(double number);

}  // namespace waitlab
