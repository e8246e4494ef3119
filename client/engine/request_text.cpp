#include "client/engine/request_text.hpp"

#include <fmt/format.h>

#include <boost/algorithm/string/predicate.hpp>

#include <algorithm>

namespace waitlab::client {
namespace {

constexpr std::size_t number_digits = 12;

bool has_field(const LoadOptions& options, std::string_view name) {
  return std::any_of(options.headers.begin(), options.headers.end(),
                     [name](const auto& field) { return boost::iequals(field.first, name); });
}

}  // namespace

RequestText::RequestText(const LoadOptions& options, const Target& target) {
  text_ = fmt::format("{} {} HTTP/1.1\r\n", options.method, target.origin_form);
  if (!has_field(options, "Host")) add_field("Host", target.authority);
  if (!has_field(options, "User-Agent")) add_field("User-Agent", "waitlab/" WAITLAB_VERSION);
  for (const auto& [name, value] : options.headers)
    add_field(name, value);
  const bool body_expected = options.method == "POST" || options.method == "PUT" || options.method == "PATCH";
  if (!options.body.empty() || body_expected) add_field("Content-Length", std::to_string(options.body.size()));
  add_field("X-Request-Id", fmt::format("{:x}-{:0{}}", options.seed, 0, number_digits));
  number_at_ = text_.size() - std::string_view("\r\n").size() - number_digits;
  text_.append("\r\n").append(options.body);
}

std::string_view RequestText::bytes(std::uint64_t n) noexcept {
  for (std::size_t digit = number_digits; digit-- > 0; n /= 10) {
    text_[number_at_ + digit] = static_cast<char>('0' + n % 10);
  }
  return text_;
}

void RequestText::add_field(std::string_view name, std::string_view value) {
  text_.append(name).append(": ").append(value).append("\r\n");
}

}  // namespace waitlab::client
