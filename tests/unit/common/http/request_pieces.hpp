#pragma once

#include "common/http/request_parser.hpp"

#include <cstddef>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace waitlab {

/// What a parser made of some bytes, copied out so that two can be compared.
struct ParsedRequest {
  bool complete = false;
  unsigned error_status = 0;  ///< 0: no error
  std::string method, target, body;
  std::vector<std::string> fields;  ///< "name: value"
  unsigned version = 0;
  bool keep_alive = false;
  bool expects_continue = false;
  std::string left_over;  ///< bytes the parser did not use

  bool operator==(const ParsedRequest&) const = default;
};

inline std::ostream& operator<<(std::ostream& out, const ParsedRequest& parsed) {
  out << (parsed.complete ? "complete " : "incomplete ") << parsed.error_status << ' ' << parsed.method << ' '
      << parsed.target << ' ' << parsed.version << " body '" << parsed.body << "' left over '" << parsed.left_over
      << "'";
  for (const std::string& field : parsed.fields)
    out << " [" << field << ']';
  return out;
}

inline ParsedRequest copy_of(const RequestParser& parser, std::string left_over) {
  ParsedRequest parsed;
  parsed.left_over = std::move(left_over);
  parsed.complete = parser.complete();
  if (parser.error()) parsed.error_status = parser.error()->status;
  if (!parser.complete()) return parsed;
  const Request& request = parser.request();
  parsed.method = request.method;
  parsed.target = request.target;
  parsed.body = request.body;
  parsed.version = request.version;
  parsed.keep_alive = request.keep_alive;
  parsed.expects_continue = request.expects_continue;
  for (const HttpField& field : request.fields)
    parsed.fields.push_back(std::string(field.name) + ": " + std::string(field.value));
  return parsed;
}

/// Shows the pieces to the parser as a connection does: what is not used is shown again, with the next piece behind it,
/// in memory that is not the same twice.
template <class Parser>
auto feed(Parser& parser, const std::vector<std::string>& pieces) {
  std::string unread;
  for (const std::string& piece : pieces) {
    unread += piece;
    const std::string shown = unread;
    unread.erase(0, parser.put(shown));
  }
  return copy_of(parser, unread);
}

inline ParsedRequest parse_pieces(const std::vector<std::string>& pieces, RequestLimits limits = {}) {
  RequestParser parser(limits);
  return feed(parser, pieces);
}

inline ParsedRequest parse_whole(const std::string& text, RequestLimits limits = {}) {
  return parse_pieces({text}, limits);
}

inline std::vector<std::string> single_bytes(const std::string& text) {
  std::vector<std::string> pieces;
  for (const char byte : text)
    pieces.emplace_back(1, byte);
  return pieces;
}

inline std::string chunked_request(const std::string& chunks) {
  return "POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks;
}

}  // namespace waitlab
