#include "common/http/response_writer.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <thread>
#include <vector>

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

std::string date_of(std::time_t time) {
  std::string out;
  append_http_date(out, time);
  return out;
}

TEST(ProblemJson, HasItsDetailReadBack) {
  EXPECT_EQ(problem_detail(problem_json(400, "a \"detail\"")), "a \"detail\"");
  for (const char* other : {"", "{", "[]", "{}", "{\"detail\": 5}"})
    EXPECT_EQ(problem_detail(other), "") << other;
}

TEST(HttpDate, IsAnImfFixdate) {
  EXPECT_EQ(date_of(784111777), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(date_of(0), "Thu, 01 Jan 1970 00:00:00 GMT");
  EXPECT_EQ(date_of(951782400), "Tue, 29 Feb 2000 00:00:00 GMT");
  EXPECT_EQ(date_of(1798761599), "Thu, 31 Dec 2026 23:59:59 GMT");
  EXPECT_EQ(date_of(4102444800), "Fri, 01 Jan 2100 00:00:00 GMT");
}

TEST(HttpDate, AppendsBehindWhatIsThere) {
  std::string out = "Date: ";
  append_http_date(out, 784111777);
  EXPECT_EQ(out, "Date: Sun, 06 Nov 1994 08:49:37 GMT");
}

TEST(HttpDate, FollowsTheSecondWhicheverWayItGoes) {
  std::string out;
  for (const std::time_t second : {100, 100, 101, 100})
    append_http_date(out, second);
  EXPECT_EQ(out, date_of(100) + date_of(100) + date_of(101) + date_of(100));
}

TEST(HttpDate, GivesManyThreadsWholeDates) {
  std::vector<std::string> texts(4);
  std::vector<std::thread> threads;
  for (std::string& text : texts) {
    threads.emplace_back([&text] {
      for (std::time_t second = 0; second < 500; ++second)
        append_http_date(text, second);
    });
  }
  for (std::thread& thread : threads)
    thread.join();
  std::string expected;
  for (std::time_t second = 0; second < 500; ++second)
    expected += date_of(second);
  for (const std::string& text : texts)
    EXPECT_EQ(text, expected);
}

}  // namespace
}  // namespace waitlab
