#include "common/http/target.hpp"

#include "common/http/characters.hpp"

#include <boost/url/pct_string_view.hpp>

#include <algorithm>
#include <optional>

namespace waitlab {
namespace {

std::optional<std::string> decode(std::string_view text) {
  const auto encoded = boost::urls::make_pct_string_view({text.data(), text.size()});
  if (!encoded) return std::nullopt;
  return encoded->decode();
}

/// -1 if it is no hexadecimal digit.
int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_unreserved(char c) {
  return is_digit(c) || is_letter(c) || std::string_view("-._~").find(c) != std::string_view::npos;
}

}  // namespace

void append_escaped(std::string& target, std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  for (const char c : text) {
    if (is_unreserved(c)) {
      target += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    target.append({'%', digits[byte / 16], digits[byte % 16]});
  }
}

std::string_view target_path(std::string_view target) {
  return target.substr(0, target.find('?'));
}

bool are_escapes_valid(std::string_view path) {
  for (std::size_t at = path.find('%'); at != std::string_view::npos; at = path.find('%', at + 3)) {
    if (path.size() - at < 3 || hex_value(path[at + 1]) < 0 || hex_value(path[at + 2]) < 0) return false;
  }
  return true;
}

std::string_view decode_unreserved(std::span<char> target) {
  const std::size_t path_end = target_path({target.data(), target.size()}).size();
  std::size_t kept = 0;
  for (std::size_t at = 0; at < path_end; ++at) {
    target[kept] = target[at];
    if (target[at] == '%') {
      const char decoded = static_cast<char>(hex_value(target[at + 1]) * 16 + hex_value(target[at + 2]));
      if (is_unreserved(decoded)) {
        target[kept] = decoded;
        at += 2;
      }
    }
    ++kept;
  }
  const auto query = target.subspan(path_end);
  std::copy(query.begin(), query.end(), target.begin() + static_cast<std::ptrdiff_t>(kept));
  return {target.data(), kept + query.size()};
}

// The query is split by hand: Boost.URL 1.81 reads past the end of a query that is a part of a longer text.
Result<std::vector<std::pair<std::string, std::string>>> target_parameters(std::string_view target) {
  std::vector<std::pair<std::string, std::string>> parameters;
  const std::size_t question = target.find('?');
  std::string_view rest = question == std::string_view::npos ? std::string_view{} : target.substr(question + 1);
  while (!rest.empty()) {
    const std::string_view pair = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(pair.size() + 1, rest.size()));
    if (pair.empty()) continue;
    const std::size_t equals = std::min(pair.find('='), pair.size());
    auto name = decode(pair.substr(0, equals));
    auto value = decode(pair.substr(std::min(equals + 1, pair.size())));
    if (!name || !value) return Failure{"the query is malformed: " + std::string(pair)};
    parameters.emplace_back(std::move(*name), std::move(*value));
  }
  return parameters;
}

}  // namespace waitlab
