#include "common/http/request_rules.hpp"

#include "common/http/characters.hpp"
#include "common/http/target.hpp"

#include <boost/beast/http/error.hpp>
#include <boost/url/authority_view.hpp>

#include <algorithm>

namespace waitlab {

namespace http = boost::beast::http;

namespace {

constexpr std::string_view http_scheme = "http://";
constexpr std::size_t most_method_bytes = 32;  // the longest that is registered has 17

/// uri-host [ ":" port ] of RFC 3986; a comma is refused since it is how two Hosts are joined.
bool is_host(std::string_view value) {
  if (value.find_first_of(",@") != std::string_view::npos) return false;
  return boost::urls::parse_authority({value.data(), value.size()}).has_value();
}

std::optional<RequestError> check_absolute_form(std::string_view target) {
  const std::string_view rest = target.substr(http_scheme.size());
  const std::string_view authority = rest.substr(0, rest.find_first_of("/?"));
  if (!authority.empty() && is_host(authority)) return std::nullopt;
  return RequestError{400, "the target's host is malformed"};
}

bool is_absolute_form(std::string_view target) {
  return same_name(target.substr(0, http_scheme.size()), http_scheme);
}

std::optional<RequestError> check_target(const Request& request) {
  if (request.method == "CONNECT") return RequestError{501, "this server is no proxy: CONNECT is not served"};
  if (request.target.find('#') != std::string_view::npos) return RequestError{400, "the target has a fragment"};
  if (has_escape(request.target) && !are_escapes_valid(target_path(request.target))) {
    return RequestError{400, "the target's path has a % without two hexadecimal digits"};
  }
  if (request.target == "*") {
    if (request.method == "OPTIONS") return std::nullopt;
    return RequestError{400, "the target * is for OPTIONS only"};
  }
  if (request.target.starts_with('/')) return std::nullopt;
  if (is_absolute_form(request.target)) return check_absolute_form(request.target);
  return RequestError{400, "the target must start with / or http://"};
}

std::optional<RequestError> check_framing(const FramingFields& framing, unsigned version) {
  if (framing.lengths > 1 || (framing.lengths == 1 && !framing.length)) {
    return RequestError{400, "Content-Length is malformed or repeated"};
  }
  if (framing.encodings == 0) return std::nullopt;
  if (framing.encodings > 1) return RequestError{400, "Transfer-Encoding is repeated"};
  if (version < 11) return RequestError{400, "Transfer-Encoding in an HTTP/1.0 request"};
  if (framing.lengths > 0) return RequestError{400, "Transfer-Encoding beside Content-Length"};
  if (!framing.ends_chunked) return RequestError{400, "Transfer-Encoding must end in chunked"};
  if (framing.codings > 1) return RequestError{501, "no transfer coding but chunked is supported"};
  return std::nullopt;
}

std::optional<RequestError> check_method(boost::beast::error_code error, std::string_view method) {
  if (error == http::error::bad_method) return RequestError{400, "the method is not a token"};
  if (method.size() > most_method_bytes) return RequestError{501, "the method is longer than any that is served"};
  return std::nullopt;
}

/// Takes a text up to the next space, or to its end, off its begin.
std::string_view take_word(std::string_view& text) {
  const std::string_view word = text.substr(0, text.find(' '));
  text.remove_prefix(std::min(word.size() + 1, text.size()));
  return word;
}

}  // namespace

RequestLine::RequestLine(std::string_view line) : method(take_word(line)), target(take_word(line)), version(line) {}

// Beast says bad_version of whatever is wrong behind the target.
std::optional<RequestError> check_request_line(boost::beast::error_code error, const RequestLine& line) {
  auto wrong = check_method(error, line.method);
  if (wrong || !error) return wrong;
  if (line.version.empty()) return RequestError{400, "the request line lacks a target or a version"};
  if (error == http::error::bad_target) return RequestError{400, "the request target is malformed"};
  if (is_http_version(line.version)) return RequestError{505, "the HTTP version must be 1.0 or 1.1"};
  return RequestError{400, "what follows the request target is no HTTP version, such as HTTP/1.1"};
}

RequestError refuse_long_line(boost::beast::error_code error, std::string_view method) {
  return check_method(error, method)
      .value_or(RequestError{414, "the request line alone is longer than a head may be (limits.header_bytes)"});
}

std::optional<RequestError> check_head(const Request& request, const FramingFields& framing) {
  if (auto error = check_target(request)) return error;
  int hosts = 0;
  for (const HttpField& field : request.fields) {
    if (same_name(field.name, "Host")) {
      if (++hosts > 1 || !is_host(field.value)) return RequestError{400, "Host is malformed or repeated"};
    } else if (same_name(field.name, "Expect")) {
      if (!same_name(field.value, "100-continue")) {
        return RequestError{417, "the only expectation met is 100-continue"};
      }
    }
  }
  if (hosts == 0 && request.version == 11) return RequestError{400, "HTTP/1.1 asks for a Host field"};
  return check_framing(framing, request.version);
}

std::string_view origin_form(std::span<char> target, std::string_view method) {
  const std::string_view text(target.data(), target.size());
  if (text.starts_with('/') || text == "*") return text;
  std::size_t path = text.find_first_of("/?", http_scheme.size());
  if (path == std::string_view::npos) return method == "OPTIONS" ? "*" : "/";  // RFC 9112 section 3.2.4
  if (text[path] == '?') target[--path] = '/';
  return text.substr(path);
}

}  // namespace waitlab
