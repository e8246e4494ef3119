#include "client/lessons/plots.hpp"

#include "common/text/wrap.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace waitlab::client {

std::string bars_text(const std::vector<Bar>& bars) {
  std::size_t label_columns = 0;
  std::size_t reading_columns = 0;
  double largest = 0;
  for (const Bar& bar : bars) {
    label_columns = std::max(label_columns, columns_of(bar.label));
    reading_columns = std::max(reading_columns, columns_of(bar.reading.text));
    largest = std::max(largest, bar.reading.value);
  }
  const std::size_t room = terminal_columns - std::min<std::size_t>(label_columns + reading_columns + 6, 60);
  std::string text;
  for (const Bar& bar : bars) {
    const double share = largest > 0 ? bar.reading.value / largest : 0;
    const auto length = static_cast<std::size_t>(std::lround(share * static_cast<double>(room)));
    text +=
        fmt::format("  {}{} {} {}\n", bar.label, std::string(label_columns - columns_of(bar.label), ' '),
                    std::string(std::max<std::size_t>(length, bar.reading.value > 0 ? 1 : 0), '#'), bar.reading.text);
  }
  return text;
}

}  // namespace waitlab::client
