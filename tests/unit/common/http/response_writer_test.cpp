#include "common/http/response_writer.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace waitlab {
namespace {

TEST(ResponseWriter, WritesHeadAndBody) {
  std::string out;
  ResponseWriter(out, 200).field("A", "b").field("C", "").body("plain\n");
  EXPECT_EQ(out, "HTTP/1.1 200 OK\r\nA: b\r\nC: \r\nContent-Length: 6\r\n\r\nplain\n");
}

TEST(ResponseWriter, AppendsBehindWhatIsThere) {
  std::string out = "before";
  ResponseWriter(out, 404).body("");
  ResponseWriter(out, 503).body("x");
  EXPECT_EQ(out,
            "beforeHTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
            "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 1\r\n\r\nx");
}

TEST(ResponseWriter, LeavesTheBodyOutForHeadButNotItsLength) {
  std::string out;
  ResponseWriter(out, 200).body("plain\n", true);
  EXPECT_EQ(out, "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n");
}

TEST(ResponseWriter, KeepsEveryByteOfABody) {
  const std::string body("a\0\r\n\xff", 5);
  std::string out;
  ResponseWriter(out, 200).body(body);
  EXPECT_TRUE(out.ends_with("Content-Length: 5\r\n\r\n" + body));
}

TEST(ReasonPhrase, IsTheStandardOne) {
  EXPECT_EQ(reason_phrase(405), "Method Not Allowed");
  EXPECT_EQ(reason_phrase(417), "Expectation Failed");
  EXPECT_EQ(reason_phrase(431), "Request Header Fields Too Large");
  EXPECT_EQ(reason_phrase(505), "HTTP Version Not Supported");
}

TEST(ProblemJson, IsAProblemDocument) {
  EXPECT_EQ(problem_json(404, "no such endpoint: /x"),
            R"({"type":"about:blank","title":"Not Found","status":404,"detail":"no such endpoint: /x"})"
            "\n");
}

TEST(ProblemJson, IsJsonWhateverTheDetail) {
  EXPECT_EQ(nlohmann::json::parse(problem_json(400, "\"\\\r\n\x01"))["detail"], "\"\\\r\n\x01");
  EXPECT_EQ(nlohmann::json::parse(problem_json(400, "not UTF-8: \xff"))["detail"], "not UTF-8: \uFFFD");
}

}  // namespace
}  // namespace waitlab
