#pragma once

#include "common/http/request.hpp"
#include "common/http/request_parser.hpp"

#include <cstddef>
#include <optional>
#include <string_view>

namespace waitlab {

/// Finds the end of a request's head as its bytes arrive, and refuses lines that parsers disagree about (RFC 9112
/// sections 2.2 and 5.2): a line ended by a bare LF, and obs-fold.
class HeadScan {
 public:
  void restart();

  /// Returns how many of the bytes belong to the head.
  std::size_t put(std::string_view bytes);

  bool complete() const { return state_ == State::complete; }
  bool malformed() const { return state_ == State::malformed; }

 private:
  enum class State { first_line, line, line_start, complete, malformed };

  State state_ = State::first_line;
  bool line_empty_ = true;  ///< nothing but CR so far in this line
  char last_ = '\0';
};

/// How many bytes of CRLF stand before a head's request line; RFC 9112 section 2.2 asks a server to skip one empty
/// line.
std::size_t leading_blank_line(std::string_view bytes);

/// What RFC 9112 forbids in a head but Beast lets pass: Host (section 3.2), Transfer-Encoding (section 6.1),
/// Content-Length (RFC 9110 section 8.6), the target's form (section 3.2) and unknown expectations.
std::optional<RequestError> check_head(const Request& request);

/// The path and query of an absolute-form target; any other target as it is.
std::string_view origin_form(std::string_view target);

}  // namespace waitlab
