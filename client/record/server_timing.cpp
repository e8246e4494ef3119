#include "client/record/server_timing.hpp"

#include "common/text/trimmed.hpp"

#include <charconv>
#include <cmath>

namespace waitlab::client {
namespace {

constexpr double nanoseconds_per_millisecond = 1e6;
constexpr double longest_ms = 1e9;  // what is longer is no duration of a request

/// Where `separator` stands outside of quoted strings (RFC 9110 section 5.6.4).
std::size_t find_unquoted(std::string_view text, char separator) {
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') quoted = !quoted;
    if (quoted && text[i] == '\\') ++i;
    if (!quoted && text[i] == separator) return i;
  }
  return std::string_view::npos;
}

std::string_view unquoted(std::string_view text) {
  const bool quoted = text.size() >= 2 && text.front() == '"' && text.back() == '"';
  return quoted ? text.substr(1, text.size() - 2) : text;
}

/// Takes the text up to `separator` off the front.
std::string_view take(std::string_view& text, char separator) {
  const auto end = find_unquoted(text, separator);
  const auto taken = text.substr(0, end);
  text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
  return trimmed(taken);
}

std::optional<std::chrono::nanoseconds> parse_milliseconds(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !(value >= 0 && value <= longest_ms)) return {};
  return std::chrono::nanoseconds(std::llround(value * nanoseconds_per_millisecond));
}

/// The `dur` among the parameters of one metric.
std::optional<std::chrono::nanoseconds> duration_of(std::string_view parameters) {
  while (!parameters.empty()) {
    std::string_view parameter = take(parameters, ';');
    if (take(parameter, '=') == "dur") return parse_milliseconds(unquoted(trimmed(parameter)));
  }
  return {};
}

}  // namespace

std::optional<ServerTiming> parse_server_timing(std::string_view field) {
  ServerTiming timing;
  bool any = false;
  while (!field.empty()) {
    std::string_view metric = take(field, ',');
    const std::string_view name = take(metric, ';');
    std::chrono::nanoseconds* part = name == "queue"     ? &timing.queue
                                     : name == "backend" ? &timing.backend
                                     : name == "handler" ? &timing.handler
                                                         : nullptr;
    if (!part) continue;
    if (const auto duration = duration_of(metric)) {
      *part = *duration;
      any = true;
    }
  }
  if (!any) return {};
  return timing;
}

}  // namespace waitlab::client
