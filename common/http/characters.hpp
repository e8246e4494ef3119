#pragma once

namespace waitlab {

/// Of ASCII, whatever the locale.
constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

constexpr bool is_control(char c) {
  return (c >= 0 && c < 0x20) || c == 0x7f;
}

constexpr bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

}  // namespace waitlab
