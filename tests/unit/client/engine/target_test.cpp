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

// A zone is of this machine alone: it is looked up, and told to nobody.
TEST(TargetUrl, MayNameTheZoneOfAnAddress) {
  for (const char* url : {"https://[fe80::1%25eth0]:81/x", "https://[fe80::1%eth0]:81/x"}) {
    const Target target = parse_target(url).value();
    EXPECT_EQ(target.host, "fe80::1%eth0");
    EXPECT_EQ(target.proven_name, "fe80::1");
    EXPECT_EQ(target.authority, "[fe80::1]:81");
    EXPECT_EQ(target.origin_form, "/x");
  }
  EXPECT_EQ(parse_target("http://[fe80::1%252]/")->host, "fe80::1%2");
  EXPECT_FALSE(parse_target("http://[fe80::1%]/"));
  EXPECT_FALSE(parse_target("http://[fe80::1%25a b]/"));
}

// RFC 3986 section 6.2.2.2: the code of a character that a name may have is that character.
TEST(TargetUrl, DecodesAName) {
  const Target target = parse_target("https://ex%61mple%2Eorg:81/%61").value();
  EXPECT_EQ(target.host, "example.org");
  EXPECT_EQ(target.proven_name, "example.org");
  EXPECT_EQ(target.authority, "example.org:81");
  EXPECT_EQ(target.origin_form, "/%61");
  EXPECT_EQ(parse_target("http://ex%61mple")->authority, "example");
}

TEST(TargetUrl, KeepsTheFinalDotOfANameFromCertificates) {
  const Target target = parse_target("https://example.org.:8443/").value();
  EXPECT_EQ(target.host, "example.org.");
  EXPECT_EQ(target.proven_name, "example.org");
  EXPECT_EQ(target.authority, "example.org.:8443");
}

TEST(TargetUrl, LeavesCodesOfThePathAlone) {
  EXPECT_EQ(parse_target("http://[::1]/a%25b?c=%5D")->origin_form, "/a%25b?c=%5D");
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
                    BadUrl{"https://a%00b/", "control character"}, BadUrl{"http://a%7f/", "control character"},
                    BadUrl{"https://./", "host is missing"}));

INSTANTIATE_TEST_SUITE_P(
    SaysWhatToWrite, BadTargetUrl,
    testing::Values(BadUrl{"localhost:8080/x", "the scheme must be http or https"},
                    BadUrl{"127.0.0.1:8080", "it must begin with http:// or https://"},
                    BadUrl{"http:/a", "it must begin with http:// or https://"},
                    BadUrl{"http://a/ b", "a space at character 10 cannot stand in a URL; write %20"},
                    BadUrl{"http://a/ä b", "'ä' at character 10 is not ASCII; write %C3%A4"},
                    BadUrl{"http://a/b?c={d}", "'{' at character 14 cannot stand in a URL; write %7B"},
                    BadUrl{"http://a/[1]", "'[' at character 10 cannot stand in a URL; write %5B"},
                    BadUrl{"http://a/50%", "the % at character 12 begins no code"},
                    BadUrl{"http://a/\n", "URL 'http://a/?': not a valid URL: a character of code 0x0a"},
                    BadUrl{"http://bücher.example/", "'ü' at character 9 is not ASCII; write an international name"},
                    BadUrl{"http://b%C3%BCcher.example/", "the host is not ASCII"},
                    BadUrl{"http://a b/", "a space at character 9 cannot stand in a host"},
                    BadUrl{"http://a%20b/", "a space cannot stand in a host"},
                    BadUrl{"http://a%2fb/", "'/' cannot stand in a host"},
                    BadUrl{"http://a%3A80/", "':' cannot stand in a host"},
                    BadUrl{"http://u%40a/", "'@' cannot stand in a host"},
                    BadUrl{"http://[fe80::1%25]/", "the zone is empty; name an interface, as in [fe80::1%25eth0]"},
                    BadUrl{"http://[fe80::1%]:80/", "the zone is empty"}, BadUrl{"http://a:80x/", "'80x' is no port"},
                    BadUrl{"http://::1:8080/", "an IPv6 address needs brackets"},
                    BadUrl{"http://[::1:8080/", "the bracket before the address is not closed"},
                    BadUrl{"http://[::1]8080/", "'8080' follows the address"},
                    BadUrl{"http://[::g]:8080/", "'::g' is no IPv6 address"},
                    BadUrl{"http://[::1]:80x/", "'80x' is no port"}));

}  // namespace
}  // namespace waitlab::client
