#pragma once

#include "common/http/head.hpp"
#include "common/http/response_parser.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace waitlab {

struct StatusLine {
  unsigned status = 0;
  unsigned version = 11;  ///< 10 or 11; HTTP/1.2 to 1.9 are read as 1.1
  std::string_view error{};
};

/// Reads a status line without its CRLF (RFC 9112 section 4). One without a reason phrase may lack the space before it.
StatusLine parse_status_line(std::string_view line);

/// Why the first bytes of a status line can't become one; empty if they can.
std::string_view check_first_bytes(std::string_view begin);

/// Whether the response that counts is still to come (RFC 9110 section 15.2). 101 is the last there is of HTTP.
bool is_interim(unsigned status);

/// Where a response ends.
struct ResponseEnd {
  enum class Kind : std::uint8_t { head, length, last_chunk, close };

  Kind kind = Kind::head;
  bool leaves_http = false;
  std::string_view error{};
};

/// By RFC 9112 section 6.3 and RFC 9110 section 15.2.2.
ResponseEnd end_of_response(unsigned status, const FramingFields& framing, bool to_head, Asked asked);

/// Puts spaces in the place of the line breaks inside folded fields (RFC 9112 section 5.2).
void unfold(std::string& head);

}  // namespace waitlab
