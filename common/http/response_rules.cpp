#include "common/http/response_rules.hpp"

#include <algorithm>

namespace waitlab {

namespace {

constexpr std::string_view not_http = "what came is no HTTP/1.x response: it does not begin with HTTP/";

}  // namespace

std::string_view status_line_error(std::string_view line) {
  const bool other = is_http_version(line.substr(0, 8)) && line[5] != '1';
  return other ? "the response is of another HTTP version than 1.0 and 1.1" : "the status line is malformed";
}

std::string_view check_first_bytes(std::string_view begin) {
  constexpr std::string_view protocol = "HTTP/";
  const std::size_t compared = std::min(begin.size(), protocol.size());
  return begin.substr(0, compared) == protocol.substr(0, compared) ? std::string_view() : not_http;
}

bool is_interim(unsigned status) {
  return status / 100 == 1 && status != 101;
}

ResponseEnd end_of_response(unsigned status, const FramingFields& framing, bool to_head, Asked asked) {
  using Kind = ResponseEnd::Kind;
  if (status == 101) {
    if (asked != Asked::upgrade) return {.error = "101 Switching Protocols, which the request did not ask for"};
    return {.kind = Kind::head, .leaves_http = true};
  }
  if (asked == Asked::tunnel && status / 100 == 2) return {.kind = Kind::head, .leaves_http = true};
  if (to_head || status == 204 || status == 304) return {.kind = Kind::head};
  if (framing.encodings > 0) {
    if (framing.lengths > 0) return {.error = "the response has both Transfer-Encoding and Content-Length"};
    if (framing.chunkings > 1) return {.error = "Transfer-Encoding names chunked twice"};
    return {.kind = framing.ends_chunked ? Kind::last_chunk : Kind::close};
  }
  if (framing.lengths > 1) return {.error = "Content-Length is repeated"};
  if (framing.lengths == 1 && !framing.length) return {.error = "Content-Length is malformed"};
  return {.kind = framing.lengths == 1 ? Kind::length : Kind::close};
}

void unfold(std::string& head) {
  for (std::size_t at = head.find("\r\n"); at != std::string::npos; at = head.find("\r\n", at + 2)) {
    const bool folds = at + 2 < head.size() && (head[at + 2] == ' ' || head[at + 2] == '\t');
    if (folds) head.replace(at, 2, "  ");
  }
}

}  // namespace waitlab
