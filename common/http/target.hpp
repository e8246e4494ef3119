#pragma once

#include "common/result.hpp"

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace waitlab {

/// The path of an origin-form target: all before the query. Not percent-decoded here.
std::string_view target_path(std::string_view target);

/// Whether there is anything to decode in a target.
inline bool has_escape(std::string_view target) {
  return target.find('%') != std::string_view::npos;
}

/// Whether two hexadecimal digits follow each % of a path.
bool are_escapes_valid(std::string_view path);

/// Decodes those escapes in the path of a target that stand for letters, digits and -._~, which mean the same either
/// way (RFC 3986 section 6.2.2.2); all others stay, so that %2F is no slash. Works in the target's own memory, and
/// returns what is left of it. The path's escapes must be valid.
std::string_view decode_unreserved(std::span<char> target);

/// Appends a text as the value of a query's parameter: percent-encoded, but for letters, digits and -._~.
void append_escaped(std::string& target, std::string_view text);

/// The query's parameters in order, percent-decoded. A malformed escape is a Failure.
Result<std::vector<std::pair<std::string, std::string>>> target_parameters(std::string_view target);

}  // namespace waitlab
