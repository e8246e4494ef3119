#include "common/text/count_text.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstddef>

namespace waitlab {

std::string count_text(double number) {
  constexpr double exact_up_to = 9e15;
  if (std::abs(number) > exact_up_to) return fmt::format("{:.3g}", number);
  std::string digits = fmt::format("{:.0f}", number);
  const std::size_t first = digits.starts_with('-') ? 1 : 0;
  for (std::size_t place = digits.size(); place > first + 3;) {
    place -= 3;
    digits.insert(place, 1, ',');
  }
  return digits;
}

}  // namespace waitlab
