#include "common/http/request_rules.hpp"

#include <boost/beast/core/string.hpp>

#include <algorithm>

namespace waitlab {

namespace {

constexpr std::string_view http_scheme = "http://";

bool iequals(std::string_view a, std::string_view b) {
  return boost::beast::iequals({a.data(), a.size()}, {b.data(), b.size()});
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_alpha(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// uri-host [ ":" port ] of RFC 3986, without decoding; a comma is refused since it is how two Hosts are joined.
bool is_host(std::string_view value) {
  const std::size_t bracket = value.rfind(']');
  const std::size_t colon = value.find(':', bracket == std::string_view::npos ? 0 : bracket);
  const std::string_view port = colon == std::string_view::npos ? std::string_view{} : value.substr(colon + 1);
  const bool host_ok = std::all_of(value.begin(), value.end(), [](char c) {
    return is_alpha(c) || is_digit(c) || std::string_view("-._~!$&'()*+;=%[]:").find(c) != std::string_view::npos;
  });
  return host_ok && std::all_of(port.begin(), port.end(), is_digit);
}

/// Only a path after the authority: a query straight behind it leaves no path to cut the target at.
std::optional<RequestError> check_absolute_form(std::string_view target) {
  const std::string_view rest = target.substr(http_scheme.size());
  const std::string_view authority = rest.substr(0, rest.find('/'));
  if (!authority.empty() && is_host(authority)) return std::nullopt;
  return RequestError{400, "the target's host is malformed, or its path is missing"};
}

std::optional<RequestError> check_target(const Request& request) {
  if (request.target.find('#') != std::string_view::npos) return RequestError{400, "the target has a fragment"};
  if (request.target == "*") {
    if (request.method == "OPTIONS") return std::nullopt;
    return RequestError{400, "the target * is for OPTIONS only"};
  }
  if (request.target.starts_with('/')) return std::nullopt;
  if (iequals(request.target.substr(0, http_scheme.size()), http_scheme)) return check_absolute_form(request.target);
  return RequestError{400, "the target must start with / or http://"};
}

std::optional<RequestError> check_transfer_encoding(std::string_view value, unsigned version) {
  if (version < 11) return RequestError{400, "Transfer-Encoding in an HTTP/1.0 request"};
  if (iequals(value, "chunked")) return std::nullopt;
  if (value.size() > 7 && iequals(value.substr(value.size() - 7), "chunked")) {
    return RequestError{501, "no transfer coding but chunked is supported"};
  }
  return RequestError{400, "Transfer-Encoding must end in chunked"};
}

}  // namespace

void HeadScan::restart() {
  state_ = State::first_line;
  line_empty_ = true;
  last_ = '\0';
}

std::size_t HeadScan::put(std::string_view bytes) {
  std::size_t position = 0;
  while (position < bytes.size() && state_ != State::complete && state_ != State::malformed) {
    if (state_ == State::line_start && (bytes[position] == ' ' || bytes[position] == '\t')) {
      state_ = State::malformed;
      break;
    }
    if (state_ == State::line_start) state_ = State::line;
    const std::size_t newline = bytes.find('\n', position);
    const std::size_t end = std::min(newline, bytes.size());
    const std::string_view piece = bytes.substr(position, end - position);
    if (!piece.empty()) {
      line_empty_ = line_empty_ && piece == "\r" && last_ != '\r';
      last_ = piece.back();
    }
    position = end;
    if (newline == std::string_view::npos) break;
    ++position;
    if (last_ != '\r') {
      state_ = State::malformed;
    } else if (line_empty_ && state_ == State::line) {
      state_ = State::complete;
    } else {
      state_ = State::line_start;
    }
    line_empty_ = true;
    last_ = '\0';
  }
  return position;
}

std::size_t leading_blank_line(std::string_view bytes) {
  return bytes.starts_with("\r\n") ? 2 : 0;
}

std::optional<RequestError> check_head(const Request& request) {
  if (auto error = check_target(request)) return error;
  int hosts = 0;
  int lengths = 0;
  int encodings = 0;
  for (const HttpField& field : request.fields) {
    if (iequals(field.name, "Host")) {
      if (++hosts > 1 || !is_host(field.value)) return RequestError{400, "Host is malformed or repeated"};
    } else if (iequals(field.name, "Content-Length")) {
      const bool digits = !field.value.empty() && std::all_of(field.value.begin(), field.value.end(), is_digit);
      if (++lengths > 1 || !digits) return RequestError{400, "Content-Length is malformed or repeated"};
    } else if (iequals(field.name, "Transfer-Encoding")) {
      if (++encodings > 1) return RequestError{400, "Transfer-Encoding is repeated"};
      if (auto error = check_transfer_encoding(field.value, request.version)) return error;
    } else if (iequals(field.name, "Expect")) {
      if (!iequals(field.value, "100-continue")) return RequestError{417, "the only expectation met is 100-continue"};
    }
  }
  if (hosts == 0 && request.version == 11) return RequestError{400, "HTTP/1.1 asks for a Host field"};
  if (lengths > 0 && encodings > 0) return RequestError{400, "Transfer-Encoding beside Content-Length"};
  return std::nullopt;
}

std::string_view origin_form(std::string_view target) {
  if (target.starts_with('/') || target == "*") return target;
  const std::size_t path = target.find('/', http_scheme.size());
  return path == std::string_view::npos ? std::string_view("/") : target.substr(path);
}

}  // namespace waitlab
