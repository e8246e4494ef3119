#include "tests/unit/common/http/response_pieces.hpp"

#include <gmock/gmock.h>

namespace waitlab {
namespace {

TEST(ResponseEnd, EndsByTheStatusWhereThatTellsWhateverTheFieldsSay) {
  for (const std::string status : {"204 No Content", "304 Not Modified"}) {
    for (const std::string fields :
         {"Content-Length: 1000\r\n", "Transfer-Encoding: chunked\r\n", "Content-Length: x\r\n",
          "Transfer-Encoding: gzip\r\n", "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", ""}) {
      const std::string text = "HTTP/1.1 " + status + "\r\n" + fields + "\r\n";
      const ParsedResponse parsed = parse_response({text + sized_response});
      EXPECT_TRUE(parsed.complete) << text;
      EXPECT_TRUE(parsed.keep_alive) << text;
      EXPECT_EQ(parsed.body_bytes, 0U) << text;
      EXPECT_EQ(parsed.left_over, sized_response) << text;
      EXPECT_EQ(parse_response(single_bytes(text + sized_response)), parsed) << text;
    }
  }
}

TEST(ResponseEnd, PassesOverInterimResponsesWhateverTheirFieldsSay) {
  for (const std::string interim : {"HTTP/1.1 100 Continue\r\nContent-Length: 5\r\n\r\n",
                                    "HTTP/1.1 102 Processing\r\nTransfer-Encoding: chunked\r\n\r\n",
                                    "HTTP/1.1 103 Early Hints\r\nServer-Timing: a;dur=1\r\nConnection: close\r\n\r\n",
                                    "HTTP/1.0 199 Odd\r\nContent-Length: x\r\n\r\n"}) {
    EXPECT_EQ(parse_response({interim + sized_response}), parse_response({sized_response})) << interim;
    EXPECT_EQ(parse_response(single_bytes(interim + interim + sized_response)), parse_response({sized_response}));
  }
}

TEST(ResponseEnd, HasNoBodyAfterHeadWhateverTheFieldsSay) {
  for (const std::string fields : {"Content-Length: 9\r\n", "Transfer-Encoding: chunked\r\n",
                                   "Transfer-Encoding: chunked\r\nContent-Length: 9\r\n", ""}) {
    ResponseParser parser;
    parser.start(true);
    const ParsedResponse parsed = feed(parser, {"HTTP/1.1 200 OK\r\n" + fields + "\r\n" + empty_response});
    EXPECT_TRUE(parsed.complete) << fields;
    EXPECT_TRUE(parsed.keep_alive) << fields;
    EXPECT_EQ(parsed.left_over, empty_response) << fields;
  }
}

TEST(ResponseEnd, TakesA205LikeAnyOther) {
  EXPECT_EQ(parse_response({"HTTP/1.1 205 Reset Content\r\nContent-Length: 2\r\n\r\nok"}).body, "ok");
  EXPECT_EQ(parse_response({"HTTP/1.1 205 Reset Content\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"}).body_bytes,
            0U);
  EXPECT_FALSE(parse_response({"HTTP/1.1 205 Reset Content\r\n\r\n"}).complete);
}

const std::string switching = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\n";

TEST(ResponseEnd, EndsHttpWithA101ThatWasAskedFor) {
  for (const std::vector<std::string>& pieces : {std::vector{switching + "echo"}, single_bytes(switching + "echo")}) {
    ResponseParser parser;
    parser.start(false, Asked::upgrade);
    const ParsedResponse parsed = feed(parser, pieces);
    EXPECT_TRUE(parsed.complete);
    EXPECT_EQ(parsed.status, 101U);
    EXPECT_FALSE(parsed.keep_alive);
    EXPECT_EQ(parsed.left_over, "echo");
    EXPECT_TRUE(parser.left_http());
    parser.start(false);
    EXPECT_FALSE(feed(parser, {sized_response}).failed);
    EXPECT_FALSE(parser.left_http());
  }
}

TEST(ResponseEnd, RefusesA101ThatNobodyAskedFor) {
  const std::string error = "101 Switching Protocols, which the request did not ask for";
  EXPECT_EQ(response_error(switching), error);
  EXPECT_EQ(response_error("HTTP/1.1 100 Continue\r\n\r\n" + switching), error);
  EXPECT_EQ(response_error(switching, true), error);
}

TEST(ResponseEnd, EndsHttpWithA2xxToConnect) {
  ResponseParser parser;
  parser.start(false, Asked::tunnel);
  const ParsedResponse tunnel = feed(parser, {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nbytes"});
  EXPECT_TRUE(tunnel.complete);
  EXPECT_FALSE(tunnel.keep_alive);
  EXPECT_EQ(tunnel.body_bytes, 0U);
  EXPECT_TRUE(parser.left_http());

  parser.start(false, Asked::tunnel);
  EXPECT_TRUE(feed(parser, {empty_response}).keep_alive);
  EXPECT_FALSE(parser.left_http());
}

TEST(ResponseEnd, EndsWithTheConnectionWhereTheCodingIsNotChunkedInTheEnd) {
  for (const std::string coding : {"gzip", "chunked, gzip", "chunked;q=1", "identity", ""}) {
    ResponseParser parser;
    feed(parser, {"HTTP/1.1 200 OK\r\nTransfer-Encoding: " + coding + "\r\n\r\n5\r\n"});
    EXPECT_FALSE(parser.complete()) << coding;
    EXPECT_FALSE(parser.keep_alive()) << coding;
    EXPECT_EQ(parser.body_bytes(), 3U) << coding;
    parser.put_eof();
    EXPECT_TRUE(parser.complete()) << coding;
  }
  for (const std::string fields : {"Transfer-Encoding: gzip, chunked\r\n", "Transfer-Encoding: gzip;q=1, chunked\r\n",
                                   "Transfer-Encoding: gzip\r\nTransfer-Encoding: CHUNKED\r\n"}) {
    const ParsedResponse parsed = parse_response({"HTTP/1.1 200 OK\r\n" + fields + "\r\n1\r\nx\r\n0\r\n\r\n"});
    EXPECT_TRUE(parsed.complete) << fields;
    EXPECT_EQ(parsed.body, "x") << fields;
  }
}

TEST(ResponseEnd, RefusesALengthThatIsToldTwiceOrWrongly) {
  const auto wrong_with = [](const std::string& fields) {
    return response_error("HTTP/1.1 200 OK\r\n" + fields + "\r\nhello");
  };
  EXPECT_EQ(wrong_with("Content-Length: 5\r\nContent-Length: 6\r\n"), "Content-Length is repeated");
  EXPECT_EQ(wrong_with("Content-Length: 5\r\ncontent-length: 5\r\n"), "Content-Length is repeated");
  for (const std::string length : {"5, 5", "5,6", "", "+5", "-5", "0x5", "5a", "18446744073709551616", "5 5"})
    EXPECT_EQ(wrong_with("Content-Length: " + length + "\r\n"), "Content-Length is malformed");
  for (const std::string fields :
       {"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "Transfer-Encoding: gzip\r\nContent-Length: 5\r\n"})
    EXPECT_EQ(wrong_with(fields), "the response has both Transfer-Encoding and Content-Length");
  EXPECT_EQ(wrong_with("Transfer-Encoding: chunked, chunked\r\n"), "Transfer-Encoding names chunked twice");
}

TEST(ResponseEnd, ClosesAfterHttp10WithATransferCoding) {
  const ParsedResponse parsed = parse_response(
      {"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n"});
  EXPECT_TRUE(parsed.complete);
  EXPECT_EQ(parsed.body, "x");
  EXPECT_FALSE(parsed.keep_alive);
}

}  // namespace
}  // namespace waitlab
