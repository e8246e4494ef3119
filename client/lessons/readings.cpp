#include "client/lessons/lesson.hpp"

#include "client/stats/time_text.hpp"
#include "common/text/count_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <cmath>
#include <cstddef>

namespace waitlab::client {
namespace {

/// "1,234,567"; with three significant digits where it is small and no whole number.
std::string grouped(double number) {
  if (std::abs(number) < 100 && number != std::round(number)) return fmt::format("{:.3g}", number);
  return count_text(number);
}

}  // namespace

Reading time_reading(std::chrono::nanoseconds time) {
  return {std::chrono::duration<double>(time).count(), short_time(time)};
}

Reading share_reading(double share) {
  return {share, fmt::format("{:.3g} %", share * 100)};
}

Reading share_of(double part, double whole) {
  return {part / whole, grouped(part) + " of " + grouped(whole)};
}

Reading count_reading(double count) {
  return {count, grouped(count)};
}

Reading rate_reading(double per_second) {
  return {per_second, grouped(per_second) + "/s"};
}

Reading ratio_reading(double ratio) {
  return {ratio, fmt::format("{:.2g} times", ratio)};
}

Reading bytes_reading(double bytes) {
  constexpr std::array units{"bytes", "KiB", "MiB", "GiB"};
  std::size_t unit = 0;
  double amount = bytes;
  for (; amount >= 1024 && unit + 1 < units.size(); ++unit)
    amount /= 1024;
  return {bytes, fmt::format("{:.3g} {}", amount, units[unit])};
}

std::string told_together(std::vector<std::string> sentences) {
  std::erase(sentences, "");
  return fmt::format("{}", fmt::join(sentences, " "));
}

}  // namespace waitlab::client
