#include "client/experiment/lane_picture.hpp"

#include "tests/support/one_answer.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace waitlab::client {
namespace {

constexpr const char* trace = R"({"traceEvents": [{"ph": "X", "ts": 1}], "otherData": {}})";
constexpr const char* events = R"([{"ph":"X","ts":1}])";

std::string answer(const std::string& status, const std::string& body) {
  return fmt::format("HTTP/1.1 {}\r\nContent-Length: {}\r\n\r\n{}", status, body.size(), body);
}

std::string picture_of(const std::string& admin_address) {
  LanePicture picture(admin_address);
  picture.take();
  return picture.finish();
}

TEST(LanePicture, IsWhatTheServerTellsOfItself) {
  const OneAnswer server(answer("200 OK", trace));
  EXPECT_EQ(picture_of(server.address()), events);
}

TEST(LanePicture, IsTakenOnce) {
  const OneAnswer server(answer("200 OK", trace));  // which answers one request
  LanePicture picture(server.address());
  picture.take();
  picture.take();
  EXPECT_EQ(picture.finish(), events);
}

TEST(LanePicture, IsMissingWhereNobodyCanBeAsked) {
  EXPECT_EQ(LanePicture("127.0.0.1:1").finish(), "") << "it was not taken";
  EXPECT_EQ(picture_of(""), "");
  EXPECT_EQ(picture_of("127.0.0.1:1"), "");
  const OneAnswer older(answer("404 Not Found", trace));
  EXPECT_EQ(picture_of(older.address()), "");
}

TEST(LanePicture, IsMissingWhereWhatComesIsNoTrace) {
  for (const char* text : {"", "no JSON", "[]", "{}", R"({"traceEvents": 1})"})
    EXPECT_EQ(lanes_in(text), "") << text;
}

TEST(LanePicture, IsMissingIfItIsTooLargeForAReport) {
  const auto of = [](std::size_t bytes) {
    return lanes_in(R"({"traceEvents": [")" + std::string(bytes - 4, 'x') + R"("]})");
  };
  EXPECT_EQ(of(300'000).size(), 300'000u);
  EXPECT_EQ(of(300'001), "");
}

}  // namespace
}  // namespace waitlab::client
