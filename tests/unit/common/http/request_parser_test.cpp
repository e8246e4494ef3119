#include "common/http/request_parser.hpp"

#include "tests/unit/common/http/request_pieces.hpp"

#include <gmock/gmock.h>

#include <utility>

namespace waitlab {
namespace {

using testing::ElementsAre;

const std::string plain_get = "GET /plain?a=1 HTTP/1.1\r\nHost: test\r\nX-Request-Id: 7\r\n\r\n";
const std::string sized_post = "POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 7\r\n\r\nwait\r\nx";
const std::string chunked_post =
    "POST /echo HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n"
    "4;name=value\r\nwait\r\n00A\r\n0123456789\r\n0\r\nTrailer: late\r\n\r\n";
const std::string empty_chunked_post =
    "POST /echo HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
const std::string after_blank_line = "\r\nGET / HTTP/1.1\r\nHost: test\r\n\r\n";
const std::string http10 = "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n";

class RequestPieces : public testing::TestWithParam<std::string> {};

INSTANTIATE_TEST_SUITE_P(Requests, RequestPieces,
                         testing::Values(plain_get, sized_post, chunked_post, empty_chunked_post, after_blank_line,
                                         http10));

TEST_P(RequestPieces, AreTheSameRequestByteByByte) {
  const ParsedRequest whole = parse_whole(GetParam());
  ASSERT_TRUE(whole.complete);
  EXPECT_EQ(whole.left_over, "");
  EXPECT_EQ(parse_pieces(single_bytes(GetParam())), whole);
}

TEST_P(RequestPieces, AreTheSameRequestInAnyTwoParts) {
  const ParsedRequest whole = parse_whole(GetParam());
  for (std::size_t cut = 0; cut <= GetParam().size(); ++cut)
    EXPECT_EQ(parse_pieces({GetParam().substr(0, cut), GetParam().substr(cut)}), whole) << "cut at " << cut;
}

TEST_P(RequestPieces, AreTheSameRequestInEqualParts) {
  const ParsedRequest whole = parse_whole(GetParam());
  for (std::size_t size = 2; size < 12; ++size) {
    std::vector<std::string> pieces;
    for (std::size_t begin = 0; begin < GetParam().size(); begin += size)
      pieces.push_back(GetParam().substr(begin, size));
    EXPECT_EQ(parse_pieces(pieces), whole) << "parts of " << size;
  }
}

TEST_P(RequestPieces, LeaveAPipelinedRequestUnused) {
  RequestParser parser;
  const ParsedRequest first = feed(parser, {GetParam() + plain_get});
  EXPECT_TRUE(first.complete);
  EXPECT_EQ(first.left_over, plain_get);

  parser.start();
  EXPECT_EQ(feed(parser, {first.left_over}), parse_whole(plain_get));
}

TEST_P(RequestPieces, AreNoRequestWithoutTheLastByte) {
  const ParsedRequest parsed = parse_whole(GetParam().substr(0, GetParam().size() - 1));
  EXPECT_FALSE(parsed.complete);
  EXPECT_EQ(parsed.error_status, 0U);
}

TEST(RequestParser, ReadsMethodTargetVersionAndFields) {
  const ParsedRequest parsed = parse_whole(plain_get);
  EXPECT_EQ(parsed.method, "GET");
  EXPECT_EQ(parsed.target, "/plain?a=1");
  EXPECT_EQ(parsed.version, 11U);
  EXPECT_THAT(parsed.fields, ElementsAre("Host: test", "X-Request-Id: 7"));
  EXPECT_EQ(parsed.body, "");
}

TEST(RequestParser, ReadsASizedBody) {
  EXPECT_EQ(parse_whole(sized_post).body, "wait\r\nx");
}

TEST(RequestParser, JoinsTheChunksOfABody) {
  EXPECT_EQ(parse_whole(chunked_post).body, "wait0123456789");
  EXPECT_EQ(parse_whole(empty_chunked_post).body, "");
}

TEST(RequestParser, DropsTrailerFields) {
  EXPECT_THAT(parse_whole(chunked_post).fields, ElementsAre("Host: test", "Transfer-Encoding: chunked"));
}

TEST(RequestParser, FindsAFieldWithoutRegardToCase) {
  RequestParser parser;
  parser.put("GET / HTTP/1.1\r\nhOST: test\r\nX-Twice: a\r\nx-twice: b\r\n\r\n");
  EXPECT_EQ(parser.request().field("Host"), "test");
  EXPECT_EQ(parser.request().field("X-TWICE"), "a");
  EXPECT_EQ(parser.request().field("Absent"), "");
}

TEST(RequestParser, TellsWhatHasCome) {
  RequestParser parser;
  EXPECT_FALSE(parser.started());
  parser.put("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 2\r\n");
  EXPECT_TRUE(parser.started());
  EXPECT_FALSE(parser.head_complete());
  parser.put("\r\n");
  EXPECT_TRUE(parser.head_complete());
  EXPECT_FALSE(parser.complete());
  parser.put("ok");
  EXPECT_TRUE(parser.complete());
}

TEST(RequestParser, HasNotStartedWhileOnlyABlankLineCame) {
  RequestParser parser;
  EXPECT_EQ(parser.put("\r"), 1U);
  EXPECT_FALSE(parser.started());
  EXPECT_EQ(parser.put("\n"), 1U);
  EXPECT_FALSE(parser.started());
  parser.put("G");
  EXPECT_TRUE(parser.started());
}

TEST(RequestParser, SkipsOneBlankLineHoweverItComes) {
  EXPECT_TRUE(parse_whole(after_blank_line).complete);
  EXPECT_EQ(parse_whole("\r\n" + after_blank_line).error_status, 400U);
  EXPECT_EQ(parse_pieces({"\r\n", "\r\n", plain_get}).error_status, 400U);
}

TEST(RequestParser, CutsTheAuthorityOffAnAbsoluteTarget) {
  const auto target_of = [](const std::string& target) {
    return parse_whole("GET " + target + " HTTP/1.1\r\nHost: test\r\n\r\n").target;
  };
  EXPECT_EQ(target_of("http://test/plain?a=1"), "/plain?a=1");
  EXPECT_EQ(target_of("HTTP://test:80/"), "/");
  EXPECT_EQ(target_of("http://[::1]:80/x"), "/x");
  EXPECT_EQ(target_of("http://test"), "/");
  EXPECT_EQ(target_of("http://test?a=/b"), "/?a=/b");
  EXPECT_EQ(target_of("http://t?%61"), "/?%61");
}

TEST(RequestParser, AllowsTheServerWideTargetOfOptions) {
  EXPECT_EQ(parse_whole("OPTIONS * HTTP/1.1\r\nHost: test\r\n\r\n").target, "*");
}

std::string target_of(const std::string& target) {
  const std::string request = "GET " + target + " HTTP/1.1\r\nHost: test\r\n\r\n";
  const ParsedRequest parsed = parse_whole(request);
  EXPECT_EQ(parse_pieces(single_bytes(request)), parsed);
  return parsed.target;
}

TEST(RequestParser, DecodesInThePathWhatMeansTheSameEitherWay) {
  EXPECT_EQ(target_of("/%70lain"), "/plain");
  EXPECT_EQ(target_of("/%70%6C%61%69%6e?a=%41&b"), "/plain?a=%41&b");
  EXPECT_EQ(target_of("http://test/%7Eme/%2D%2e%5F"), "/~me/-._");
  EXPECT_EQ(target_of("/?%70"), "/?%70");
}

TEST(RequestParser, KeepsEscapesThatMeanSomethingElse) {
  EXPECT_EQ(target_of("/a%2Fb%2fc"), "/a%2Fb%2fc");
  EXPECT_EQ(target_of("/%00%20%25%3F%C3%A4"), "/%00%20%25%3F%C3%A4");
  EXPECT_EQ(target_of("/%2570lain"), "/%2570lain");
  EXPECT_EQ(target_of("//plain/%2E%2e/./x"), "//plain/.././x");
}

TEST(RequestParser, ReadsLaterMinorVersionsAsHttp11) {
  for (const char* version : {"1.2", "1.9"}) {
    const ParsedRequest parsed = parse_whole("GET / HTTP/" + std::string(version) + "\r\nHost: test\r\n\r\n");
    EXPECT_TRUE(parsed.complete) << version;
    EXPECT_EQ(parsed.version, 11U) << version;
    EXPECT_TRUE(parsed.keep_alive) << version;
  }
  EXPECT_EQ(parse_whole("GET / HTTP/1.2\r\n\r\n").error_status, 400U);
}

TEST(RequestParser, TakesOptionsOfAServerWithoutAPathForTheWholeServer) {
  EXPECT_EQ(parse_whole("OPTIONS http://test HTTP/1.1\r\nHost: test\r\n\r\n").target, "*");
  EXPECT_EQ(parse_whole("OPTIONS http://test/ HTTP/1.1\r\nHost: test\r\n\r\n").target, "/");
}

TEST(RequestParser, UsesEachByteAsItComes) {
  RequestParser parser;
  for (const char byte : chunked_post)
    EXPECT_EQ(parser.put({&byte, 1}), 1U);
  EXPECT_TRUE(parser.complete());
}

/// What is known of a request that was refused, so that the refusal can obey it.
std::string known_of(const std::string& text, const std::vector<std::string>& pieces) {
  RequestParser parser({256, 10});
  feed(parser, pieces);
  EXPECT_TRUE(parser.error()) << text;
  return std::string(parser.request().method) + " " + std::to_string(parser.request().version);
}

TEST(RequestParser, KnowsTheMethodAndVersionOfWhatItRefuses) {
  const std::string head = "HEAD / HTTP/1.0\r\n";
  for (const std::string& text : {head + "Host: a b\r\n\r\n", head + "X: " + std::string(300, 'x'),
                                  head + " folded\r\n\r\n", head + "Content-Length: 11\r\n\r\n", head + "A: b\n"}) {
    EXPECT_EQ(known_of(text, {text}), "HEAD 10");
    EXPECT_EQ(known_of(text, single_bytes(text)), "HEAD 10");
  }
  const std::string long_target = "HEAD /" + std::string(300, 'x');
  EXPECT_EQ(known_of(long_target, {long_target}), "HEAD 11");
  EXPECT_EQ(known_of(long_target, single_bytes(long_target)), "HEAD 11");
  EXPECT_EQ(known_of("\n", {"\n"}), " 11");
}

TEST(RequestParser, KnowsTheMethodOfAHeadThatIsGivenUp) {
  for (const std::string text : {"HEAD /pl", "\r\nHEAD / HTTP/1.1\r\n", "HEAD / HTTP/1.1\r\nHost: te"}) {
    RequestParser parser;
    feed(parser, single_bytes(text));
    parser.give_up();
    EXPECT_EQ(parser.request().method, "HEAD") << text;
  }
}

TEST(RequestParser, ForgetsTheMethodOfTheRequestBefore) {
  RequestParser parser;
  parser.put("HEAD / HTTP/1.0\r\n\r\n");
  parser.start();
  parser.put("\x16\x03\x01\n");
  ASSERT_TRUE(parser.error());
  EXPECT_EQ(parser.request().method, "");
  EXPECT_EQ(parser.request().version, 11U);
}

bool keeps_alive(const std::string& version, const std::string& field) {
  const ParsedRequest parsed = parse_whole("GET / HTTP/" + version + "\r\nHost: test\r\n" + field + "\r\n");
  EXPECT_TRUE(parsed.complete);
  return parsed.keep_alive;
}

TEST(RequestParser, KeepsAliveByVersionAndConnectionField) {
  EXPECT_TRUE(keeps_alive("1.1", ""));
  EXPECT_FALSE(keeps_alive("1.1", "Connection: close\r\n"));
  EXPECT_FALSE(keeps_alive("1.1", "Connection: x, Close\r\n"));
  EXPECT_FALSE(keeps_alive("1.0", ""));
  EXPECT_TRUE(keeps_alive("1.0", "Connection: Keep-Alive\r\n"));
  EXPECT_FALSE(keeps_alive("1.0", "Connection: keep-alive, close\r\n"));
  EXPECT_FALSE(keeps_alive("1.0", "Connection: close\r\nConnection: keep-alive\r\n"));
  EXPECT_FALSE(keeps_alive("1.1", "Connection: a,,\tclose ,\r\n"));
  EXPECT_TRUE(keeps_alive("1.1", "Connection: closed, disclose\r\n"));
}

TEST(RequestParser, AsksToContinueOnlyWithHttp11) {
  const std::string rest = "\r\nHost: test\r\nExpect: 100-Continue\r\n\r\n";
  EXPECT_TRUE(parse_whole("GET / HTTP/1.1" + rest).expects_continue);
  EXPECT_FALSE(parse_whole("GET / HTTP/1.0" + rest).expects_continue);
}

TEST(RequestParser, StartsAgainWithNothingOfTheLastRequest) {
  RequestParser parser;
  feed(parser, {"POST /echo HTTP/1.1\r\nHost: test\r\nX-Old: 1\r\nExpect: 100-continue\r\nConnection: close\r\n"
                "Content-Length: 4\r\n\r\nwait"});
  ASSERT_TRUE(parser.complete());
  parser.start();
  EXPECT_FALSE(parser.started());
  EXPECT_FALSE(parser.complete());
  EXPECT_EQ(feed(parser, {plain_get}), parse_whole(plain_get));
}

TEST(RequestParser, StartsAgainAfterAnErrorAndAfterHalfARequest) {
  RequestParser parser;
  ASSERT_EQ(feed(parser, {"GET / HTTP/1.1\r\n folded\r\n\r\n"}).error_status, 400U);
  parser.start();
  EXPECT_FALSE(parser.error());
  EXPECT_EQ(feed(parser, {plain_get}), parse_whole(plain_get));
  parser.start();
  feed(parser, {chunked_post.substr(0, chunked_post.size() - 20)});
  parser.start();
  EXPECT_EQ(feed(parser, {plain_get}), parse_whole(plain_get));
}

TEST(RequestParser, KeepsItsViewsWhenMoved) {
  RequestParser parser;
  parser.put(plain_get);
  RequestParser moved = std::move(parser);
  EXPECT_EQ(copy_of(moved, ""), parse_whole(plain_get));
}

}  // namespace
}  // namespace waitlab
