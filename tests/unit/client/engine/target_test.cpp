#include "client/engine/target.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace waitlab::client {
namespace {

using testing::HasSubstr;

TEST(TargetUrl, IsTakenApart) {
  const Target target = parse_target("http://example.org:8080/a/b?c=d%20e#f").value();
  EXPECT_EQ(target.host, "example.org");
  EXPECT_EQ(target.port, "8080");
  EXPECT_EQ(target.authority, "example.org:8080");
  EXPECT_EQ(target.origin_form, "/a/b?c=d%20e");
}

TEST(TargetUrl, NeedsNeitherPortNorPath) {
  const Target target = parse_target("http://example.org").value();
  EXPECT_EQ(target.port, "80");
  EXPECT_EQ(target.authority, "example.org");
  EXPECT_EQ(target.origin_form, "/");
  EXPECT_EQ(parse_target("http://example.org?q=1")->origin_form, "/?q=1");
}

TEST(TargetUrl, MayAskForTls) {
  const Target target = parse_target("https://example.org/a").value();
  EXPECT_TRUE(target.tls);
  EXPECT_EQ(target.port, "443");
  EXPECT_EQ(target.authority, "example.org");
  EXPECT_EQ(parse_target("HTTPS://example.org:8443")->port, "8443");
  EXPECT_FALSE(parse_target("http://example.org:443")->tls);
}

TEST(TargetUrl, MayHoldAnIpv6Address) {
  const Target target = parse_target("http://[::1]:81/x").value();
  EXPECT_EQ(target.host, "::1");
  EXPECT_EQ(target.authority, "[::1]:81");
}

TEST(RequestPath, IsWhatFollowsTheHost) {
  for (const char* path : {"/", "/a/b?c=d%20e", "//", "/?"}) {
    EXPECT_TRUE(is_request_path(path)) << path;
  }
  for (const char* path : {"", "a", "?a", "/a b", "/a#b", "/a\r\nX: y", "/%", "/\x01", "/\xc3\xa4", "*", "http://a/"}) {
    EXPECT_FALSE(is_request_path(path)) << path;
  }
}

struct BadUrl {
  const char* url;
  const char* complaint;
};

class BadTargetUrl : public testing::TestWithParam<BadUrl> {};

TEST_P(BadTargetUrl, IsRefusedWithAnExample) {
  const auto target = parse_target(GetParam().url);
  ASSERT_FALSE(target);
  EXPECT_THAT(target.error().message, HasSubstr(GetParam().complaint));
  EXPECT_THAT(target.error().message, HasSubstr("write it like http://"));
}

INSTANTIATE_TEST_SUITE_P(
    TargetUrl, BadTargetUrl,
    testing::Values(BadUrl{"", "not a valid URL"}, BadUrl{"localhost", "not a valid URL"},
                    BadUrl{"http:///path", "host is missing"}, BadUrl{"http://", "host is missing"},
                    BadUrl{"ftp://a/", "the scheme must be http or https"}, BadUrl{"http://a:0/", "port must be"},
                    BadUrl{"http://a:65536/", "port must be"}, BadUrl{"https://a:0/", "port must be"},
                    BadUrl{"http://u:p@a/", "user names"}, BadUrl{"http://a/ b", "not a valid URL"},
                    BadUrl{"https://a%00b/", "control character"}, BadUrl{"http://a%7f/", "control character"}));

}  // namespace
}  // namespace waitlab::client
