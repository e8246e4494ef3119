#include "tests/unit/common/http/response_pieces.hpp"

#include <gmock/gmock.h>

namespace waitlab {
namespace {

TEST(ResponseLimits, TakesAHeadUpToItsLimit) {
  const auto head_of = [](std::size_t bytes) {
    const std::string begin = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nA: ";
    return begin + std::string(bytes - begin.size() - 4, 'x') + "\r\n\r\n";
  };
  EXPECT_TRUE(parse_response({head_of(64 * 1024)}).complete);
  EXPECT_TRUE(parse_response(single_bytes(head_of(64 * 1024))).complete);
  EXPECT_EQ(response_error(head_of(64 * 1024 + 1)), "the header is longer than 64 KiB");
}

TEST(ResponseLimits, LimitsShortLinesWithoutEndAsWell) {
  std::string head = "HTTP/1.1 200 OK\r\n";
  while (head.size() < 70'000)
    head += "A: b\r\n";
  ResponseParser parser;
  feed(parser, {head.substr(0, 30'000), head.substr(30'000, 30'000), head.substr(60'000)});
  EXPECT_EQ(parser.error(), "the header is longer than 64 KiB");
}

TEST(ResponseLimits, LimitsInterimResponsesTogether) {
  const std::string interim = "HTTP/1.1 103 Early Hints\r\nLink: </" + std::string(963, 'x') + ">\r\n\r\n";
  ASSERT_EQ(interim.size(), 1002U);
  std::string many;
  for (int response = 0; response < 65; ++response)
    many += interim;
  EXPECT_TRUE(parse_response({many + sized_response}).complete);
  ResponseParser parser;
  feed(parser, {many, interim, interim});
  EXPECT_EQ(parser.error(), "interim responses and the header are longer than 64 KiB together");
}

TEST(ResponseLimits, LimitsInterimResponsesHoweverSmall) {
  ResponseParser parser;
  for (int response = 0; response < 3855; ++response)
    feed(parser, {"HTTP/1.1 100 \r\n\r\n"});
  EXPECT_FALSE(parser.failed());
  feed(parser, {"HTTP/1.1 100 \r\n\r\n"});
  EXPECT_TRUE(parser.failed());
  parser.start(false);
  EXPECT_EQ(feed(parser, {response_after_interim}).status, 200U);
}

TEST(ResponseLimits, LimitsWhatStandsBetweenChunksTogether) {
  const std::string head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  std::string chunks;
  for (int chunk = 0; chunk < 64; ++chunk)
    chunks += "1;" + std::string(1023, 'x') + "\r\ny\r\n";
  EXPECT_TRUE(parse_response({head + chunks + "0\r\n\r\n"}).complete);
  ResponseParser parser;
  feed(parser, {head + chunks, "0\r\nA: b\r\n\r\n"});
  EXPECT_EQ(parser.error(), "chunk extensions and trailer fields are longer than 64 KiB together");
}

TEST(ResponseLimits, DoesNotLimitTheNumberOfChunks) {
  std::string text = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (int chunk = 0; chunk < 100'000; ++chunk)
    text += "1\r\nx\r\n";
  EXPECT_EQ(parse_response({text + "0\r\n\r\n"}).body_bytes, 100'000U);
}

}  // namespace
}  // namespace waitlab
