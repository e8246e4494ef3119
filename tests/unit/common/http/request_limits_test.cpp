#include "tests/unit/common/http/request_pieces.hpp"

#include <gmock/gmock.h>

namespace waitlab {
namespace {

constexpr RequestLimits small{256, 100};

/// A request whose head has exactly that many bytes.
std::string head_of(std::size_t bytes) {
  const std::string begin = "GET / HTTP/1.1\r\nHost: test\r\nX-Pad: ";
  const std::string end = "\r\n\r\n";
  return begin + std::string(bytes - begin.size() - end.size(), 'x') + end;
}

std::string sized(std::size_t bytes) {
  return "POST / HTTP/1.1\r\nHost: test\r\nContent-Length: " + std::to_string(bytes) + "\r\n\r\n" +
         std::string(bytes, 'x');
}

/// The status of the error, 0 if none: the same however the bytes come.
unsigned status_of(const std::string& text) {
  const unsigned whole = parse_whole(text, small).error_status;
  EXPECT_EQ(parse_pieces(single_bytes(text), small).error_status, whole);
  EXPECT_EQ(parse_pieces({text.substr(0, text.size() / 2), text.substr(text.size() / 2)}, small).error_status, whole);
  return whole;
}

TEST(RequestLimits, AHeadMayBeAsLongAsTheLimit) {
  EXPECT_TRUE(parse_whole(head_of(256), small).complete);
  EXPECT_EQ(status_of(head_of(256)), 0U);
  EXPECT_EQ(status_of(head_of(257)), 431U);
}

TEST(RequestLimits, AHeadWithoutEndIsRefused) {
  EXPECT_EQ(status_of("GET /" + std::string(1000, 'x')), 414U);
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\nX: " + std::string(1000, 'x')), 431U);
  EXPECT_EQ(status_of("\r\nGET / HTTP/1.1\r\nX: " + std::string(1000, 'x')), 431U);
}

TEST(RequestLimits, ATooLongTargetIsToldFromTooLongFields) {
  const std::string behind = " HTTP/1.1\r\nHost: test\r\n";
  EXPECT_EQ(status_of("GET /" + std::string(300, 'x') + behind + "\r\n"), 414U);
  EXPECT_EQ(status_of("\r\nGET /" + std::string(300, 'x') + behind + "\r\n"), 414U);
  EXPECT_EQ(status_of("GET http://test/" + std::string(300, 'x') + behind + "\r\n"), 414U);
  EXPECT_EQ(status_of("GET /" + std::string(100, 'x') + behind + "X: " + std::string(200, 'x') + "\r\n\r\n"), 431U);
}

TEST(RequestLimits, ATooLongMethodIsNotImplemented) {
  const auto request = [](std::size_t method) {
    return std::string(method, 'A') + " / HTTP/1.1\r\nHost: test\r\n\r\n";
  };
  EXPECT_EQ(status_of(request(32)), 0U);
  EXPECT_EQ(status_of(request(33)), 501U);
  EXPECT_EQ(status_of(request(300)), 501U);
  EXPECT_EQ(status_of(std::string(300, 'A')), 501U);
}

TEST(RequestLimits, WhatIsNoMethodIsNoLongOne) {
  EXPECT_EQ(status_of(std::string(300, '\x16')), 400U);
  EXPECT_EQ(status_of("{" + std::string(300, 'A') + " /"), 400U);
}

TEST(RequestLimits, OnlyTheBytesOfFieldsAreLimitedNotTheirNumber) {
  std::string fields;
  for (int field = 0; field < 4000; ++field)
    fields += "a:\r\n";
  const std::string request = "GET / HTTP/1.1\r\nHost: test\r\n" + fields + "\r\n";
  EXPECT_EQ(parse_whole(request).fields.size(), 4001U);
  EXPECT_EQ(parse_whole("GET / HTTP/1.1\r\nHost: test\r\n" + fields + fields + "\r\n").error_status, 431U);
}

TEST(RequestLimits, AnEmptyLineInFrontCountsTowardsTheHead) {
  EXPECT_EQ(status_of("\r\n" + head_of(254)), 0U);
  EXPECT_EQ(status_of("\r\n" + head_of(255)), 431U);
}

TEST(RequestLimits, ABodyBehindALongHeadIsNotPartOfIt) {
  const std::string head = head_of(240);
  const std::string post = "POST" + head.substr(3, head.size() - 5) + "Content-Length: 4\r\n\r\n" + "wait";
  EXPECT_EQ(parse_whole(post, {300, 100}).body, "wait");
}

TEST(RequestLimits, ASizedBodyMayBeAsLongAsTheLimit) {
  EXPECT_EQ(parse_whole(sized(100), small).body.size(), 100U);
  EXPECT_EQ(status_of(sized(100)), 0U);
  EXPECT_EQ(status_of(sized(101)), 413U);
}

TEST(RequestLimits, ATooLongBodyIsRefusedBeforeItComes) {
  EXPECT_EQ(parse_whole("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 101\r\n\r\n", small).error_status, 413U);
  EXPECT_EQ(
      parse_whole("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 18446744073709551615\r\n\r\n", small).error_status,
      413U);
}

TEST(RequestLimits, ChunksTogetherMayBeAsLongAsTheLimit) {
  const std::string forty = "28\r\n" + std::string(40, 'x') + "\r\n";
  const std::string twenty = "14\r\n" + std::string(20, 'x') + "\r\n";
  EXPECT_EQ(parse_whole(chunked_request(forty + forty + twenty + "0\r\n\r\n"), small).body.size(), 100U);
  EXPECT_EQ(status_of(chunked_request(forty + forty + twenty + "1\r\nx\r\n0\r\n\r\n")), 413U);
  EXPECT_EQ(status_of(chunked_request("fffffffffffffff\r\n")), 413U);
}

TEST(RequestLimits, ManySmallChunksAreNoLongHead) {
  std::string chunks;
  for (int chunk = 0; chunk < 100; ++chunk)
    chunks += "1\r\nx\r\n";
  EXPECT_EQ(status_of(chunked_request(chunks + "0\r\n\r\n")), 0U);
}

TEST(RequestLimits, AChunkLineIsNoPlaceToHideALongOne) {
  EXPECT_EQ(status_of(chunked_request("1;" + std::string(200, 'x') + "\r\nx\r\n0\r\n\r\n")), 0U);
  EXPECT_EQ(status_of(chunked_request("1;" + std::string(300, 'x') + "\r\nx\r\n0\r\n\r\n")), 431U);
  EXPECT_EQ(status_of(chunked_request("1;" + std::string(300, 'x'))), 431U);
}

TEST(RequestLimits, NorIsATrailer) {
  EXPECT_EQ(status_of(chunked_request("1\r\nx\r\n0\r\nX: " + std::string(200, 'x') + "\r\n\r\n")), 0U);
  EXPECT_EQ(status_of(chunked_request("1\r\nx\r\n0\r\nX: " + std::string(300, 'x') + "\r\n\r\n")), 431U);
  EXPECT_EQ(status_of(chunked_request("1\r\nx\r\n0\r\nX: " + std::string(300, 'x'))), 431U);
}

std::string chunks(int count, const std::string& line) {
  std::string text;
  for (int chunk = 0; chunk < count; ++chunk)
    text += line + "\r\nx\r\n";
  return text;
}

TEST(RequestLimits, ExtensionsAreLimitedOverTheWholeMessage) {
  EXPECT_EQ(status_of(chunked_request(chunks(25, "1;" + std::string(9, 'x')) + "0\r\n\r\n")), 0U);
  EXPECT_EQ(status_of(chunked_request(chunks(26, "1;" + std::string(9, 'x')) + "0\r\n\r\n")), 431U);
}

TEST(RequestLimits, SoAreZerosBeforeASize) {
  EXPECT_EQ(status_of(chunked_request(chunks(25, std::string(10, '0') + "1") + "0\r\n\r\n")), 0U);
  EXPECT_EQ(status_of(chunked_request(chunks(26, std::string(10, '0') + "1") + "0\r\n\r\n")), 431U);
}

TEST(RequestLimits, TrailerFieldsCountTogetherAndWithTheExtensions) {
  std::string fields;
  for (int field = 0; field < 16; ++field)
    fields += "X: " + std::string(11, 'y') + "\r\n";
  EXPECT_EQ(status_of(chunked_request("0\r\n" + fields + "\r\n")), 0U);
  EXPECT_EQ(status_of(chunked_request("0;x\r\n" + fields + "\r\n")), 431U);
  EXPECT_EQ(status_of(chunked_request("1;x\r\ny\r\n0\r\n" + fields + "\r\n")), 431U);
  EXPECT_EQ(status_of(chunked_request("0\r\n" + fields + fields)), 431U);
}

TEST(RequestLimits, NothingIsUsedAfterAnError) {
  RequestParser parser(small);
  feed(parser, {head_of(300)});
  ASSERT_TRUE(parser.error());
  EXPECT_EQ(parser.put(head_of(100)), 0U);
  EXPECT_EQ(parser.error()->status, 431U);
  EXPECT_FALSE(parser.head_complete());
  EXPECT_FALSE(parser.complete());
}

TEST(RequestLimits, HoldForEveryRequestOfAConnectionAnew) {
  RequestParser parser(small);
  for (int request = 0; request < 3; ++request) {
    parser.start();
    EXPECT_TRUE(feed(parser, {head_of(256)}).complete);
    parser.start();
    EXPECT_TRUE(feed(parser, {sized(100)}).complete);
  }
}

}  // namespace
}  // namespace waitlab
