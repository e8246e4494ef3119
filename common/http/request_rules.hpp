#pragma once

#include "common/http/head.hpp"
#include "common/http/request.hpp"
#include "common/http/request_parser.hpp"

#include <boost/beast/core/error.hpp>

#include <optional>
#include <span>
#include <string_view>

namespace waitlab {

/// A request line, divided at its first two spaces.
struct RequestLine {
  explicit RequestLine(std::string_view line);

  std::string_view method;
  std::string_view target;
  std::string_view version;
};

/// What to answer to a request line: Beast's `error` as RFC 9112 (sections 2.3 and 3) tells it. Nothing if there is
/// none and the method is one that may be served.
std::optional<RequestError> check_request_line(boost::beast::error_code error, const RequestLine& line);

/// The same where the begin of a request line is as long as a whole head may be.
RequestError refuse_long_line(boost::beast::error_code error, std::string_view method);

/// What RFC 9112 forbids in a head that is well-formed line by line: in Host (section 3.2), Transfer-Encoding (section
/// 6.1), Content-Length (RFC 9110 section 8.6), the target (section 3.2), and unknown expectations.
std::optional<RequestError> check_head(const Request& request, const FramingFields& framing);

/// The path and query of an absolute-form target; any other target as it is. Where the path is empty and a query
/// follows, its slash takes the place of the host's last character.
std::string_view origin_form(std::span<char> target, std::string_view method);

}  // namespace waitlab
