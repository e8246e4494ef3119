#include "common/http/response_parser.hpp"

#include "tests/unit/common/http/response_pieces.hpp"

#include <gmock/gmock.h>

namespace waitlab {
namespace {

class ResponsePieces : public testing::TestWithParam<std::string> {};

INSTANTIATE_TEST_SUITE_P(Responses, ResponsePieces,
                         testing::Values(sized_response, chunked_response, empty_chunked_response, empty_response,
                                         no_content_response, response_after_interim));

TEST_P(ResponsePieces, AreTheSameResponseByteByByte) {
  const ParsedResponse whole = parse_response({GetParam()});
  ASSERT_TRUE(whole.complete);
  std::vector<std::string> bytes;
  for (const char byte : GetParam())
    bytes.emplace_back(1, byte);
  EXPECT_EQ(parse_response(bytes), whole);
}

TEST_P(ResponsePieces, AreTheSameResponseInAnyTwoParts) {
  const ParsedResponse whole = parse_response({GetParam()});
  for (std::size_t cut = 0; cut <= GetParam().size(); ++cut)
    EXPECT_EQ(parse_response({GetParam().substr(0, cut), GetParam().substr(cut)}), whole) << "cut at " << cut;
}

TEST_P(ResponsePieces, LeaveTheNextResponseUnused) {
  ResponseParser parser;
  parser.keep_body(true);
  const ParsedResponse first = feed(parser, {GetParam() + sized_response});
  EXPECT_EQ(first.left_over, sized_response);
  parser.start(false);
  EXPECT_EQ(feed(parser, {first.left_over}), parse_response({sized_response}));
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
  const ParsedResponse parsed = parse_response(
      {"HTTP/1.1 200 OK\r\nServer-Timing: queue;dur=1\r\nContent-Length: 0\r\nserver-timing: backend;dur=2\r\n\r\n"});
  EXPECT_EQ(parsed.server_timing, "queue;dur=1, backend;dur=2");
}

TEST(ResponseParser, ReadsASizedResponse) {
  const ParsedResponse parsed = parse_response({sized_response});
  EXPECT_EQ(parsed.status, 200U);
  EXPECT_EQ(parsed.server_timing, "backend;dur=1.5");
  EXPECT_EQ(parsed.body, "plain\n");
  EXPECT_EQ(parsed.body_bytes, 6U);
  EXPECT_TRUE(parsed.keep_alive);
}

TEST(ResponseParser, JoinsChunks) {
  EXPECT_EQ(parse_response({chunked_response}).body, "waitlab");
  EXPECT_EQ(parse_response({chunked_response}).body_bytes, 7U);
}

TEST(ResponseParser, SkipsInterimResponses) {
  EXPECT_EQ(parse_response({response_after_interim}), parse_response({sized_response}));
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
  const ParsedResponse parsed = feed(parser, {"HTTP/1.1 100 Continue\r\n\r\n" + head + empty_response});
  EXPECT_TRUE(parsed.complete);
  EXPECT_EQ(parsed.body_bytes, 0U);
  EXPECT_EQ(parsed.left_over, empty_response);
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

TEST(ResponseParser, UsesEachByteAsItComes) {
  for (const std::string& text : {chunked_response, response_after_interim}) {
    ResponseParser parser;
    for (const char byte : text)
      EXPECT_EQ(parser.put({&byte, 1}), 1U);
    EXPECT_TRUE(parser.complete());
  }
}

TEST(ResponseParser, ReadsLaterMinorVersionsAsHttp11) {
  EXPECT_TRUE(parse_response({"HTTP/1.2 200 OK\r\nContent-Length: 0\r\n\r\n"}).keep_alive);
}

TEST(ResponseParser, SaysWhatIsNoStatusLineAtOnce) {
  EXPECT_EQ(response_error("HTTP/2.0 200 OK\r\n"), "the response is of another HTTP version than 1.0 and 1.1");
  for (const std::string begin : {"ICY 200 OK\r\n", "http/1.1 200 OK\r\n", "\r\nHTTP/1.1 200 OK\r\n", "SSH-2.0-x",
                                  "\x15\x03", "<html>", " HTTP/1.1 200 OK\r\n", "HTTX"})
    EXPECT_EQ(response_error(begin), "what came is no HTTP/1.x response: it does not begin with HTTP/") << begin;
  for (const std::string line :
       {"HTTP/1.1", "HTTP/1 200 OK", "HTTP/11 200 OK", "HTTP/1.1 2000 OK", "HTTP/1.1  200 OK", "HTTP/1.1 099 No",
        "HTTP/1.1 2x0 OK", "HTTP/1.1 20", "HTTP/1.1 200\tOK", "HTTP/1.1 200 O\rK", "HTTP/1.1\t200 OK"})
    EXPECT_EQ(response_error(line + "\r\n"), "the status line is malformed") << line;
}

TEST(ResponseParser, NeedsNoReasonPhrase) {
  EXPECT_EQ(parse_response({"HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n"}).status, 200U);
  EXPECT_EQ(parse_response({"HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n"}).status, 200U);
}

TEST(ResponseParser, RefusesMalformedLinesHoweverTheyCome) {
  for (const std::string fields :
       {"A\r\n", ": b\r\n", "A : b\r\n", " A: b\r\n", "A: b\n", "A: b\rc\r\n", "A: b\x01\r\n", "A: b\r\r\n"})
    EXPECT_NE(response_error("HTTP/1.1 200 OK\r\n" + fields + "Content-Length: 0\r\n\r\n"), "") << fields;
  for (const std::string chunks : {"g\r\n", "1\r\nxy\r\n", "1;\r\nx\r\n", "10000000000000000\r\n", "0\r\nA\r\n\r\n"})
    EXPECT_EQ(response_error("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks),
              "a chunk or a trailer field is malformed")
        << chunks;
}

TEST(ResponseParser, ReadsAFoldedFieldAsOneLine) {
  const std::string text =
      "HTTP/1.1 200 OK\r\nServer-Timing: a;dur=1,\r\n\tb;dur=2\r\n \r\nContent-Length: 2\r\n\r\nok";
  const ParsedResponse parsed = parse_response({text});
  EXPECT_TRUE(parsed.complete);
  EXPECT_EQ(parsed.body, "ok");
  EXPECT_EQ(parsed.server_timing, "a;dur=1,  \tb;dur=2");
  EXPECT_EQ(parse_response(single_bytes(text)), parsed);
}

TEST(ResponseParser, ReadsServerTimingBehindTheBody) {
  EXPECT_EQ(parse_response({"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nServer-Timing: a;dur=1\r\n\r\n"})
                .server_timing,
            "a;dur=1");
}

bool keeps_alive(const std::string& head) {
  const ParsedResponse parsed = parse_response({head + "Content-Length: 0\r\n\r\n"});
  EXPECT_TRUE(parsed.complete);
  return parsed.keep_alive;
}

TEST(ResponseParser, KeepsAliveByVersionAndConnectionField) {
  EXPECT_TRUE(keeps_alive("HTTP/1.1 200 OK\r\n"));
  EXPECT_FALSE(keeps_alive("HTTP/1.1 200 OK\r\nConnection: close\r\n"));
  EXPECT_FALSE(keeps_alive("HTTP/1.0 200 OK\r\n"));
  EXPECT_TRUE(keeps_alive("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n"));
  EXPECT_FALSE(keeps_alive("HTTP/1.0 200 OK\r\nConnection: keep-alive, close\r\n"));
  EXPECT_FALSE(keeps_alive("HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nConnection: CLOSE\r\n"));
}

TEST(ResponseParser, CountsABodyItDoesNotKeep) {
  ResponseParser parser;
  feed(parser, {chunked_response});
  EXPECT_EQ(parser.body_bytes(), 7U);
  EXPECT_EQ(parser.body(), "");
}

/// Whether it finds "abab" in the body, cut in two there.
bool finds(const std::string& body, std::size_t cut) {
  ResponseParser parser;
  parser.look_for("abab");
  parser.start(false);
  const std::string head = "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n";
  feed(parser, {head, body.substr(0, cut), body.substr(cut)});
  EXPECT_EQ(parser.body(), "") << "it keeps none";
  const bool found = parser.found();
  parser.start(false);
  EXPECT_FALSE(parser.found());
  return found;
}

TEST(ResponseParser, FindsATextHoweverTheBodyIsCut) {
  for (std::size_t cut = 0; cut <= 7; ++cut) {
    EXPECT_TRUE(finds("xabaabab", cut)) << cut;
    EXPECT_TRUE(finds("ababxxx", cut)) << cut;
    EXPECT_FALSE(finds("abaabba", cut)) << cut;
  }
}

TEST(ResponseParser, FindsATextThatComesByteByByte) {
  ResponseParser parser;
  parser.look_for("needle");
  parser.start(false);
  parser.put("HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n");
  for (const char byte : std::string_view("a needneedle, a hays"))
    parser.put({&byte, 1});
  EXPECT_TRUE(parser.found());
}

TEST(ResponseParser, StartsAgainWithNothingOfTheLastResponse) {
  ResponseParser parser;
  parser.keep_body(true);
  feed(parser, {sized_response});
  parser.start(false);
  EXPECT_FALSE(parser.complete());
  EXPECT_EQ(feed(parser, {empty_response}), parse_response({empty_response}));
  parser.start(false);
  feed(parser, {"garbage that is no response\r\n\r\n"});
  ASSERT_TRUE(parser.failed());
  parser.start(false);
  EXPECT_EQ(feed(parser, {chunked_response}), parse_response({chunked_response}));
  parser.start(false);
  feed(parser, {chunked_response.substr(0, chunked_response.size() - 9)});
  parser.start(false);
  EXPECT_EQ(feed(parser, {sized_response}), parse_response({sized_response}));
}

}  // namespace
}  // namespace waitlab
