#include "client/engine/request_text.hpp"

#include "common/splitmix64.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <utility>

namespace waitlab::client {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr std::uint64_t requests = 100'000;

TEST(RequestMix, SumsUpWeights) {
  EXPECT_THAT(cumulative_weights(std::array{0.5, 2.0, 1.25}), ElementsAre(0.5, 2.5, 3.75));
}

// Of 100,000 requests, a share p has a standard deviation of sqrt(p (1 - p) / 100,000): 0.0016 at most.
TEST(RequestMix, GivesEachTargetItsShare) {
  const std::vector<double> cumulative = cumulative_weights(std::array{5.0, 1.0, 2.0});
  std::array<double, 3> share{};
  for (std::uint64_t n = 0; n < requests; ++n) {
    share.at(choose_target(cumulative, 7, n)) += 1.0 / requests;
  }
  EXPECT_NEAR(share[0], 0.625, 0.008);
  EXPECT_NEAR(share[1], 0.125, 0.005);
  EXPECT_NEAR(share[2], 0.250, 0.007);
}

TEST(RequestMix, AlwaysTakesTheOnlyTarget) {
  for (std::uint64_t n = 0; n < 1000; ++n) {
    EXPECT_EQ(choose_target(std::array{0.1}, n, n), 0u);
  }
}

TEST(RequestMix, DependsOnTheSeedAndTheNumberAlone) {
  const std::array cumulative{1.0, 2.0};
  std::vector<std::size_t> forwards, backwards, other_seed;
  for (std::uint64_t n = 0; n < 64; ++n) {
    forwards.push_back(choose_target(cumulative, 1, n));
    backwards.insert(backwards.begin(), choose_target(cumulative, 1, 63 - n));
    other_seed.push_back(choose_target(cumulative, 2, n));
  }
  EXPECT_EQ(forwards, backwards);
  EXPECT_NE(forwards, other_seed);
}

// If both drew the same number, all short gaps would belong to one target.
TEST(RequestMix, IsIndependentOfTheArrivals) {
  const std::array cumulative{1.0, 2.0};
  double together = 0;
  for (std::uint64_t n = 0; n < requests; ++n) {
    const bool high = splitmix64(3, n) >> 63 != 0;
    together += (choose_target(cumulative, 3, n) == 1) == high ? 1.0 / requests : 0;
  }
  EXPECT_NEAR(together, 0.5, 0.008);
}

const Target target{.host = "h", .proven_name = "h", .port = "81", .authority = "h:81", .origin_form = "/x?y=z"};

/// The text of the one kind of request that the options describe, or of the first of their mix.
RequestText text_of(const LoadOptions& options) {
  return {options, target, request_mix(options, target).front()};
}

TEST(RequestText, IsAWholeRequest) {
  LoadOptions options;
  options.seed = 255;
  EXPECT_EQ(text_of(options).bytes(42), "GET /x?y=z HTTP/1.1\r\nHost: h:81\r\nUser-Agent: waitlab/" WAITLAB_VERSION
                                        "\r\nX-Request-Id: ff-000000000042\r\n\r\n");
}

TEST(RequestText, HasThePathOfTheUrlWhereItsKindNamesNone) {
  LoadOptions options;
  options.targets = {{.method = "GET", .path = "/own", .headers = {}, .body = {}},
                     {.method = "PUT", .path = {}, .headers = {}, .body = {}}};
  const auto mix = request_mix(options, target);
  EXPECT_EQ(mix[0].path, "/own");
  EXPECT_EQ(mix[1].path, "/x?y=z");
}

TEST(RequestText, ChangesOnlyTheNumber) {
  RequestText text = text_of(LoadOptions{});
  const std::string large(text.bytes(999'999'999'999));
  const std::string small(text.bytes(7));
  EXPECT_EQ(large.size(), small.size());
  EXPECT_THAT(small, HasSubstr("1-000000000007\r\n"));
}

TEST(RequestText, LetsTheUserReplaceHostAndUserAgent) {
  LoadOptions options;
  options.headers = {{"host", "other"}, {"USER-AGENT", "mine"}, {"A", "b"}};
  const std::string text(text_of(options).bytes(0));
  EXPECT_THAT(text, HasSubstr("host: other\r\nUSER-AGENT: mine\r\nA: b\r\n"));
  EXPECT_THAT(text, Not(HasSubstr("h:81")));
}

TEST(RequestText, SaysCloseWithoutKeepAliveWhateverElseIsSaidOfTheConnection) {
  for (const char* value : {"keep-alive", "TE", "upgrade, x-hop", "closed"}) {
    LoadOptions options;
    options.keep_alive = false;
    options.headers = {{"CONNECTION", value}};
    const RequestText for_all = text_of(options);
    options.targets = {{.method = "GET", .path = "/a", .headers = std::exchange(options.headers, {}), .body = {}}};
    for (RequestText text : {for_all, text_of(options)}) {
      EXPECT_TRUE(text.says_close()) << value;
      EXPECT_THAT(std::string(text.bytes(0)),
                  AllOf(HasSubstr(fmt::format("CONNECTION: {}\r\n", value)), HasSubstr("Connection: close\r\n")));
    }
  }
}

TEST(RequestText, SaysCloseOnce) {
  LoadOptions options;
  options.keep_alive = false;
  options.headers = {{"connection", "TE, Close"}};
  EXPECT_THAT(std::string(text_of(options).bytes(0)), Not(HasSubstr("Connection: close")));
}

TEST(RequestText, KnowsWhetherItSaysClose) {
  LoadOptions options;
  EXPECT_FALSE(text_of(options).says_close());
  options.headers = {{"Connection", "keep-alive, closed"}};
  EXPECT_FALSE(text_of(options).says_close());
  options.headers = {{"connection", "TE,\tClose"}};
  EXPECT_TRUE(text_of(options).says_close());
  options.headers = {};
  options.keep_alive = false;
  EXPECT_TRUE(text_of(options).says_close());
}

TEST(RequestText, SizesABody) {
  LoadOptions options;
  options.method = "POST";
  options.body = "hello";
  const std::string text(text_of(options).bytes(0));
  EXPECT_THAT(text, HasSubstr("Content-Length: 5\r\n"));
  EXPECT_TRUE(text.ends_with("\r\n\r\nhello"));
}

TEST(RequestText, SizesAnEmptyBodyWhereOneIsExpected) {
  LoadOptions options;
  options.method = "POST";
  EXPECT_THAT(std::string(text_of(options).bytes(0)), HasSubstr("Content-Length: 0\r\n"));
}

TEST(RequestText, AsksForAConnectionOfItsOwnWithoutKeepAlive) {
  LoadOptions options;
  options.keep_alive = false;
  EXPECT_THAT(std::string(text_of(options).bytes(0)), HasSubstr("Connection: close\r\n"));
}

TEST(RequestText, OfAMixHasItsOwnPathBodyAndFields) {
  LoadOptions options;
  options.headers = {{"A", "all"}, {"B", "all"}};
  options.targets = {{.method = "PUT", .path = "/own", .headers = {{"a", "mine"}}, .body = "x"}};
  const RequestText text = text_of(options);
  EXPECT_THAT(std::string(RequestText(text).bytes(0)),
              testing::AllOf(testing::StartsWith("PUT /own HTTP/1.1\r\n"), HasSubstr("B: all\r\na: mine\r\n"),
                             Not(HasSubstr("A: all")), testing::EndsWith("\r\n\r\nx")));
  EXPECT_TRUE(text.is_idempotent());
  EXPECT_FALSE(text.is_head());
}

TEST(RequestTexts, AreChosenByWeight) {
  LoadOptions options;
  options.targets = {{.path = "/a", .headers = {}, .body = {}, .weight = 1},
                     {.path = "/b", .headers = {}, .body = {}, .weight = 3}};
  const RequestTexts texts(options, target);
  std::size_t second = 0;
  for (std::uint64_t n = 0; n < 10'000; ++n)
    second += texts.choose(n);
  EXPECT_NEAR(static_cast<double>(second), 7500, 130);  // three standard errors
}

// RFC 9112 section 3.2.3: the host with its port, and nothing of a path.
TEST(RequestText, AsksForATunnelToTheHostAndItsPort) {
  LoadOptions options;
  options.method = "CONNECT";
  EXPECT_THAT(std::string(text_of(options).bytes(0)), testing::StartsWith("CONNECT h:81 HTTP/1.1\r\nHost: h:81\r\n"));
  for (const auto& [url, head] : {std::pair("https://h/a", "CONNECT h:443 HTTP/1.1\r\nHost: h\r\n"),
                                  std::pair("http://[::1]", "CONNECT [::1]:80 HTTP/1.1\r\nHost: [::1]\r\n")}) {
    RequestTexts texts(options, parse_target(url).value());
    EXPECT_THAT(std::string(texts[0].bytes(0)), testing::StartsWith(head));
  }
}

}  // namespace
}  // namespace waitlab::client
