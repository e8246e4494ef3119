#include "common/http/response_parser.hpp"

#include <gmock/gmock.h>

#include <ostream>
#include <utility>
#include <vector>

namespace waitlab {
namespace {

const std::string sized_response =
    "HTTP/1.1 200 OK\r\nServer-Timing: backend;dur=1.5\r\nContent-Length: 6\r\n\r\nplain\n";
const std::string chunked_response =
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4;a=b\r\nwait\r\n3\r\nlab\r\n0\r\nX: y\r\n\r\n";
const std::string empty_chunked = "HTTP/1.1 503 Busy\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
const std::string empty = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";
const std::string no_content = "HTTP/1.1 204 No Content\r\n\r\n";
const std::string after_interim =
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

std::ostream& operator<<(std::ostream& out, const ParsedResponse& parsed) {
  return out << (parsed.complete ? "complete " : "incomplete ") << (parsed.failed ? "failed " : "") << parsed.status
             << " body '" << parsed.body << "' left over '" << parsed.left_over << "'";
}

ParsedResponse copy_of(const ResponseParser& parser, std::string left_over) {
  ParsedResponse parsed{parser.complete(), parser.failed(), parser.status(), false, {}, {}, 0, std::move(left_over)};
  if (!parser.head_complete()) return parsed;
  parsed.keep_alive = parser.keep_alive();
  parsed.server_timing = parser.server_timing();
  parsed.body = parser.body();
  parsed.body_bytes = parser.body_bytes();
  return parsed;
}

ParsedResponse feed(ResponseParser& parser, const std::vector<std::string>& pieces) {
  std::string unread;
  for (const std::string& piece : pieces) {
    unread += piece;
    const std::string shown = unread;
    unread.erase(0, parser.put(shown));
  }
  return copy_of(parser, unread);
}

ParsedResponse parse_pieces(const std::vector<std::string>& pieces) {
  ResponseParser parser;
  parser.keep_body(true);
  parser.start(false);
  return feed(parser, pieces);
}

class ResponsePieces : public testing::TestWithParam<std::string> {};

INSTANTIATE_TEST_SUITE_P(Responses, ResponsePieces,
                         testing::Values(sized_response, chunked_response, empty_chunked, empty, no_content,
                                         after_interim));

TEST_P(ResponsePieces, AreTheSameResponseByteByByte) {
  const ParsedResponse whole = parse_pieces({GetParam()});
  ASSERT_TRUE(whole.complete);
  std::vector<std::string> bytes;
  for (const char byte : GetParam())
    bytes.emplace_back(1, byte);
  EXPECT_EQ(parse_pieces(bytes), whole);
}

TEST_P(ResponsePieces, AreTheSameResponseInAnyTwoParts) {
  const ParsedResponse whole = parse_pieces({GetParam()});
  for (std::size_t cut = 0; cut <= GetParam().size(); ++cut)
    EXPECT_EQ(parse_pieces({GetParam().substr(0, cut), GetParam().substr(cut)}), whole) << "cut at " << cut;
}

TEST_P(ResponsePieces, LeaveTheNextResponseUnused) {
  ResponseParser parser;
  parser.keep_body(true);
  const ParsedResponse first = feed(parser, {GetParam() + sized_response});
  EXPECT_EQ(first.left_over, sized_response);
  parser.start(false);
  EXPECT_EQ(feed(parser, {first.left_over}), parse_pieces({sized_response}));
}

TEST_P(ResponsePieces, AreAnErrorWithoutTheLastByte) {
  ResponseParser parser;
  feed(parser, {GetParam().substr(0, GetParam().size() - 1)});
  EXPECT_FALSE(parser.complete());
  EXPECT_FALSE(parser.failed());
  parser.put_eof();
  EXPECT_TRUE(parser.failed());
  EXPECT_EQ(parser.error(), "the connection was closed inside the response");
}

TEST(ResponseParser, JoinsSeveralServerTimingFields) {
  const ParsedResponse parsed = parse_pieces(
      {"HTTP/1.1 200 OK\r\nServer-Timing: queue;dur=1\r\nContent-Length: 0\r\nserver-timing: backend;dur=2\r\n\r\n"});
  EXPECT_EQ(parsed.server_timing, "queue;dur=1, backend;dur=2");
}

TEST(ResponseParser, ReadsASizedResponse) {
  const ParsedResponse parsed = parse_pieces({sized_response});
  EXPECT_EQ(parsed.status, 200U);
  EXPECT_EQ(parsed.server_timing, "backend;dur=1.5");
  EXPECT_EQ(parsed.body, "plain\n");
  EXPECT_EQ(parsed.body_bytes, 6U);
  EXPECT_TRUE(parsed.keep_alive);
}

TEST(ResponseParser, JoinsChunks) {
  EXPECT_EQ(parse_pieces({chunked_response}).body, "waitlab");
  EXPECT_EQ(parse_pieces({chunked_response}).body_bytes, 7U);
}

TEST(ResponseParser, SkipsInterimResponses) {
  EXPECT_EQ(parse_pieces({after_interim}), parse_pieces({sized_response}));
}

TEST(ResponseParser, EndsWithTheConnectionWhereNothingElseEndsIt) {
  ResponseParser parser;
  parser.keep_body(true);
  parser.start(false);
  feed(parser, {"HTTP/1.1 200 OK\r\n\r\nun", "til close"});
  EXPECT_FALSE(parser.complete());
  parser.put_eof();
  EXPECT_TRUE(parser.complete());
  EXPECT_FALSE(parser.failed());
  EXPECT_EQ(parser.body(), "until close");
  EXPECT_FALSE(parser.keep_alive());
}

TEST(ResponseParser, AwaitsNoBodyAfterHead) {
  ResponseParser parser;
  parser.start(true);
  const std::string head = sized_response.substr(0, sized_response.size() - 6);
  const ParsedResponse parsed = feed(parser, {"HTTP/1.1 100 Continue\r\n\r\n" + head + empty});
  EXPECT_TRUE(parsed.complete);
  EXPECT_EQ(parsed.body_bytes, 0U);
  EXPECT_EQ(parsed.left_over, empty);
}

TEST(ResponseParser, IsNotFooledByACloseAfterTheResponse) {
  ResponseParser parser;
  feed(parser, {sized_response});
  parser.put_eof();
  EXPECT_TRUE(parser.complete());
  EXPECT_FALSE(parser.failed());
}

TEST(ResponseParser, TellsACloseBeforeAnyResponse) {
  ResponseParser parser;
  parser.put_eof();
  EXPECT_TRUE(parser.failed());
  EXPECT_EQ(parser.error(), "the connection was closed before a response");

  parser.start(false);
  feed(parser, {"HTTP/1.1 100 Continue\r\n\r\n"});
  parser.put_eof();
  EXPECT_EQ(parser.error(), "the connection was closed before a response");
}

TEST(ResponseParser, RefusesWhatIsMalformed) {
  for (const std::string text :
       {"HTTP/1.1 20 OK\r\n\r\n", "HTTP/3.1 200 OK\r\n\r\n", "garbage that is no response\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA : b\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nwait\r\n"}) {
    ResponseParser parser;
    feed(parser, {text});
    EXPECT_TRUE(parser.failed()) << text;
    EXPECT_FALSE(parser.error().empty()) << text;
    EXPECT_FALSE(parser.complete()) << text;
    EXPECT_EQ(parser.put(sized_response), 0U) << text;
  }
}

TEST(ResponseParser, RefusesAHeadWithoutEnd) {
  ResponseParser parser;
  feed(parser, {"HTTP/1.1 200 OK\r\nA: " + std::string(70'000, 'x')});
  EXPECT_TRUE(parser.failed());
}

bool keeps_alive(const std::string& head) {
  const ParsedResponse parsed = parse_pieces({head + "Content-Length: 0\r\n\r\n"});
  EXPECT_TRUE(parsed.complete);
  return parsed.keep_alive;
}

TEST(ResponseParser, KeepsAliveByVersionAndConnectionField) {
  EXPECT_TRUE(keeps_alive("HTTP/1.1 200 OK\r\n"));
  EXPECT_FALSE(keeps_alive("HTTP/1.1 200 OK\r\nConnection: close\r\n"));
  EXPECT_FALSE(keeps_alive("HTTP/1.0 200 OK\r\n"));
  EXPECT_TRUE(keeps_alive("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n"));
}

TEST(ResponseParser, CountsABodyItDoesNotKeep) {
  ResponseParser parser;
  feed(parser, {chunked_response});
  EXPECT_EQ(parser.body_bytes(), 7U);
  EXPECT_EQ(parser.body(), "");
}

TEST(ResponseParser, StartsAgainWithNothingOfTheLastResponse) {
  ResponseParser parser;
  parser.keep_body(true);
  feed(parser, {sized_response});
  parser.start(false);
  EXPECT_FALSE(parser.complete());
  EXPECT_EQ(feed(parser, {empty}), parse_pieces({empty}));
  parser.start(false);
  feed(parser, {"garbage that is no response\r\n\r\n"});
  ASSERT_TRUE(parser.failed());
  parser.start(false);
  EXPECT_EQ(feed(parser, {chunked_response}), parse_pieces({chunked_response}));
  parser.start(false);
  feed(parser, {chunked_response.substr(0, chunked_response.size() - 9)});
  parser.start(false);
  EXPECT_EQ(feed(parser, {sized_response}), parse_pieces({sized_response}));
}

}  // namespace
}  // namespace waitlab
