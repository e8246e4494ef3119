#pragma once

#include "common/http/head.hpp"
#include "common/http/response_parser.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace waitlab {

/// Why a status line that Beast refuses is none (RFC 9112 section 4).
std::string_view status_line_error(std::string_view line);

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
