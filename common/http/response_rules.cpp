#include "common/http/response_rules.hpp"

#include "common/http/characters.hpp"

#include <algorithm>

namespace waitlab {

namespace {

constexpr std::string_view not_http = "what came is no HTTP/1.x response: it does not begin with HTTP/";
constexpr std::string_view bad_status = "the status line is malformed";
constexpr unsigned least_status = 100;

}  // namespace

StatusLine parse_status_line(std::string_view line) {
  constexpr std::size_t version_bytes = 8;
  constexpr std::size_t status_end = version_bytes + 4;
  const auto version = parse_version(line.substr(0, version_bytes));
  if (!version || line.size() < status_end || line[version_bytes] != ' ') return {.error = bad_status};
  if (version->major != 1) return {.error = "the response is of another HTTP version than 1.0 and 1.1"};
  StatusLine parsed{.status = 0, .version = version->minor == 0 ? 10U : 11U};
  for (const char digit : line.substr(version_bytes + 1, 3)) {
    if (!is_digit(digit)) return {.error = bad_status};
    parsed.status = parsed.status * 10 + static_cast<unsigned>(digit - '0');
  }
  const std::string_view reason = line.substr(status_end);
  const bool ends_well = reason.empty() || reason.front() == ' ';
  if (!ends_well || has_control(reason) || parsed.status < least_status) return {.error = bad_status};
  return parsed;
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
