#pragma once

#include <algorithm>
#include <string_view>

namespace waitlab {

/// Of ASCII, whatever the locale.
constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

constexpr bool is_control(char c) {
  return (c >= 0 && c < 0x20) || c == 0x7f;
}

/// Whether a text has a control character that no field's value may hold: any but a tab (RFC 9110 section 5.5).
constexpr bool has_control(std::string_view value) {
  return std::any_of(value.begin(), value.end(), [](char c) { return is_control(c) && c != '\t'; });
}

constexpr bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

}  // namespace waitlab
