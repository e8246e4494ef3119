#pragma once

#include "common/http/head.hpp"
#include "common/http/request.hpp"
#include "common/http/request_parser.hpp"

#include <optional>
#include <string_view>

namespace waitlab {

/// The parts of a request line: as many as came, where it is wrong or not whole.
struct RequestLine {
  std::string_view method;
  std::string_view target;
  unsigned version = 11;  ///< 10 or 11; HTTP/1.2 to 1.9 are served as 1.1 (RFC 9110 section 2.5)
  std::optional<RequestError> error{};
};

/// Reads a request line without its CRLF (RFC 9112 sections 2.3 and 3).
RequestLine parse_request_line(std::string_view line);

/// What to answer where the begin of a request line is as long as a whole head may be: its method or its target is too
/// long (RFC 9112 section 3).
RequestLine refuse_long_line(std::string_view begin);

/// What RFC 9112 forbids in a head that is well-formed line by line: in Host (section 3.2), Transfer-Encoding (section
/// 6.1), Content-Length (RFC 9110 section 8.6), the target (section 3.2), and unknown expectations.
std::optional<RequestError> check_head(const Request& request, const FramingFields& framing);

/// The path and query of an absolute-form target; any other target as it is.
std::string_view origin_form(std::string_view target, std::string_view method);

}  // namespace waitlab
