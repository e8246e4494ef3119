#include "client/record/utc_now.hpp"

#include <fmt/chrono.h>

#include <charconv>
#include <ctime>
#include <system_error>

namespace waitlab::client {

std::string utc_text(std::chrono::system_clock::time_point moment) {
  const auto now = std::chrono::floor<std::chrono::milliseconds>(moment);
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now);
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(std::chrono::system_clock::to_time_t(seconds)),
                     (now - seconds).count());
}

std::string utc_now() {
  return utc_text(std::chrono::system_clock::now());
}

std::optional<UtcTime> parse_utc(const std::string& text) {
  std::tm calendar{};
  const char* const fraction = ::strptime(text.c_str(), "%Y-%m-%dT%H:%M:%S.", &calendar);
  if (fraction == nullptr) return std::nullopt;
  unsigned milliseconds = 0;
  const auto [end, error] = std::from_chars(fraction, text.data() + text.size(), milliseconds);
  if (error != std::errc() || end - fraction != 3 || *end != 'Z') return std::nullopt;
  return std::chrono::sys_seconds(std::chrono::seconds(::timegm(&calendar))) + std::chrono::milliseconds(milliseconds);
}

}  // namespace waitlab::client
