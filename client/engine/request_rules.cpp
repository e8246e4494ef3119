#include "client/engine/request_rules.hpp"

#include "client/engine/target.hpp"

#include <fmt/format.h>
#include <boost/algorithm/string/predicate.hpp>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <string_view>

namespace waitlab::client {
namespace {

/// RFC 9110 section 5.6.2: what a method or a field name may be made of.
bool is_token(std::string_view text) {
  constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [marks](unsigned char c) {
    return (c < 0x80 && std::isalnum(c)) || marks.find(static_cast<char>(c)) != std::string_view::npos;
  });
}

Result<void> check_header(const std::string& name, const std::string& value) {
  if (!is_token(name))
    return Failure{fmt::format("header name '{}' is not valid; write it with letters, digits and dashes", name)};
  if (value.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos) {
    return Failure{fmt::format("header '{}' has a line break in its value; write it on one line", name)};
  }
  for (const char* ours : {"X-Request-Id", "Content-Length", "Transfer-Encoding"}) {
    if (boost::iequals(name, ours)) return Failure{fmt::format("header '{}' is set by the client; leave it out", ours)};
  }
  return {};
}

}  // namespace

Result<void> check_headers(const HeaderFields& headers) {
  for (const auto& [name, value] : headers) {
    if (auto checked = check_header(name, value); !checked) return checked;
  }
  return {};
}

Result<void> check_request(const RequestTemplate& request) {
  if (!is_token(request.method)) {
    return Failure{fmt::format("method '{}' is not valid; give one such as GET or POST", request.method)};
  }
  if (!request.path.empty() && !is_request_path(request.path)) {
    return Failure{
        fmt::format("path '{}' is not valid; begin it with / and write it as in a URL, a space as %20", request.path)};
  }
  if (!(request.weight > 0) || !std::isfinite(request.weight)) {
    return Failure{fmt::format("weight {} of '{}' is not above 0", request.weight, request.path)};
  }
  return check_headers(request.headers);
}

}  // namespace waitlab::client
