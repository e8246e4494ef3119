#include "common/http/http_date.hpp"

#include <fmt/chrono.h>

#include <array>
#include <cstddef>

namespace waitlab {

namespace {

constexpr std::size_t length = 29;

struct DateText {
  std::time_t second = -1;
  std::array<char, length> text{};
};

}  // namespace

void append_http_date(std::string& out, std::time_t now) {
  static thread_local DateText latest;
  if (now != latest.second) {
    // Without a locale of its own, fmt writes the names of days and months in English.
    fmt::format_to_n(latest.text.data(), length, "{:%a, %d %b %Y %H:%M:%S} GMT", fmt::gmtime(now));
    latest.second = now;
  }
  out.append(latest.text.data(), length);
}

}  // namespace waitlab
