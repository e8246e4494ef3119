#include "client/engine/request_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace waitlab::client {
namespace {

using testing::HasSubstr;
using testing::Not;

const Target target{.host = "h", .port = "81", .authority = "h:81", .origin_form = "/x?y=z"};

TEST(RequestText, IsAWholeRequest) {
  LoadOptions options;
  options.seed = 255;
  EXPECT_EQ(RequestText(options, target).bytes(42),
            "GET /x?y=z HTTP/1.1\r\nHost: h:81\r\nUser-Agent: waitlab/" WAITLAB_VERSION
            "\r\nX-Request-Id: ff-000000000042\r\n\r\n");
}

TEST(RequestText, ChangesOnlyTheNumber) {
  RequestText text(LoadOptions{}, target);
  const std::string large(text.bytes(999'999'999'999));
  const std::string small(text.bytes(7));
  EXPECT_EQ(large.size(), small.size());
  EXPECT_THAT(small, HasSubstr("1-000000000007\r\n"));
}

TEST(RequestText, LetsTheUserReplaceHostAndUserAgent) {
  LoadOptions options;
  options.headers = {{"host", "other"}, {"USER-AGENT", "mine"}, {"A", "b"}};
  const std::string text(RequestText(options, target).bytes(0));
  EXPECT_THAT(text, HasSubstr("host: other\r\nUSER-AGENT: mine\r\nA: b\r\n"));
  EXPECT_THAT(text, Not(HasSubstr("h:81")));
}

TEST(RequestText, SizesABody) {
  LoadOptions options;
  options.method = "POST";
  options.body = "hello";
  const std::string text(RequestText(options, target).bytes(0));
  EXPECT_THAT(text, HasSubstr("Content-Length: 5\r\n"));
  EXPECT_TRUE(text.ends_with("\r\n\r\nhello"));
}

TEST(RequestText, SizesAnEmptyBodyWhereOneIsExpected) {
  LoadOptions options;
  options.method = "POST";
  EXPECT_THAT(std::string(RequestText(options, target).bytes(0)), HasSubstr("Content-Length: 0\r\n"));
}

}  // namespace
}  // namespace waitlab::client
