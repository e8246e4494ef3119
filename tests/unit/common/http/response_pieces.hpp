#pragma once

#include "common/http/response_parser.hpp"
#include "tests/unit/common/http/request_pieces.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

namespace waitlab {

inline const std::string sized_response =
    "HTTP/1.1 200 OK\r\nServer-Timing: backend;dur=1.5\r\nContent-Length: 6\r\n\r\nplain\n";
inline const std::string chunked_response =
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4;a=b\r\nwait\r\n3\r\nlab\r\n0\r\nX: y\r\n\r\n";
inline const std::string empty_chunked_response = "HTTP/1.1 503 Busy\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
inline const std::string empty_response = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";
inline const std::string no_content_response = "HTTP/1.1 204 No Content\r\n\r\n";
inline const std::string response_after_interim =
    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: </>\r\n\r\n" + sized_response;

/// What a parser made of a response, copied out so that two can be compared.
struct ParsedResponse {
  bool complete = false;
  bool failed = false;
  unsigned status = 0;
  bool keep_alive = false;
  std::string server_timing, body;
  std::uint64_t body_bytes = 0;
  std::string left_over;

  bool operator==(const ParsedResponse&) const = default;
};

inline std::ostream& operator<<(std::ostream& out, const ParsedResponse& parsed) {
  return out << (parsed.complete ? "complete " : "incomplete ") << (parsed.failed ? "failed " : "") << parsed.status
             << " body '" << parsed.body << "' left over '" << parsed.left_over << "'";
}

inline ParsedResponse copy_of(const ResponseParser& parser, std::string left_over) {
  ParsedResponse parsed{parser.complete(), parser.failed(), parser.status(), false, {}, {}, 0, std::move(left_over)};
  if (!parser.head_complete()) return parsed;
  parsed.keep_alive = parser.keep_alive();
  parsed.server_timing = parser.server_timing();
  parsed.body = parser.body();
  parsed.body_bytes = parser.body_bytes();
  return parsed;
}

inline ParsedResponse parse_response(const std::vector<std::string>& pieces) {
  ResponseParser parser;
  parser.keep_body(true);
  parser.start(false);
  return feed(parser, pieces);
}

/// What the parser said of a response that is none, the same however it comes.
inline std::string response_error(const std::string& text, bool to_head = false, Asked asked = Asked::nothing) {
  const auto error = [&](const std::vector<std::string>& pieces) {
    ResponseParser parser;
    parser.start(to_head, asked);
    feed(parser, pieces);
    EXPECT_FALSE(parser.failed() && parser.complete()) << text;
    return parser.error();
  };
  const std::string whole = error({text});
  EXPECT_EQ(error(single_bytes(text)), whole) << text;
  for (std::size_t cut = 1; cut < text.size(); cut += text.size() / 200 + 1)
    EXPECT_EQ(error({text.substr(0, cut), text.substr(cut)}), whole) << text << " cut at " << cut;
  return whole;
}

}  // namespace waitlab
