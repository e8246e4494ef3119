#include "server/http/request_ids.hpp"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <random>

namespace waitlab::server {

namespace {

constexpr std::size_t longest_id = 128;

bool is_id_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
         c == '.' || c == ':';
}

bool is_valid_id(std::string_view id) {
  return !id.empty() && id.size() <= longest_id && std::all_of(id.begin(), id.end(), is_id_character);
}

}  // namespace

RequestIds::RequestIds() : salt_((std::uint64_t{std::random_device{}()} << 32U) ^ std::random_device{}()) {}

void RequestIds::assign(std::string& id, std::string_view from_client) {
  if (is_valid_id(from_client)) {
    id.assign(from_client);
    return;
  }
  std::array<char, 16> text;
  // An odd multiplier makes this a bijection, so two counts never share an id.
  const std::uint64_t number = salt_ + next_.fetch_add(1, std::memory_order_relaxed) * 0x9E3779B97F4A7C15U;
  fmt::format_to(text.data(), FMT_COMPILE("{:016x}"), number);
  id.assign(text.data(), text.size());
}

}  // namespace waitlab::server
