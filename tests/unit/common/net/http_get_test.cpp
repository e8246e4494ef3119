#include "common/net/http_get.hpp"

#include "tests/support/one_answer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace waitlab {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

TEST(HttpGet, BringsStatusAndBody) {
  const OneAnswer server("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 5\r\n\r\nstart");
  const auto answer = http_get(server.address(), "/readyz", 30s);
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->status, 503U);
  EXPECT_EQ(answer->body, "start");
}

TEST(HttpGet, ReadsABodyThatEndsWithTheConnection) {
  const OneAnswer server("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nall there is");
  const auto answer = http_get(server.address(), "/", 30s);
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->body, "all there is");
}

TEST(HttpGet, WhatIsNoAnswerIsAFailure) {
  const OneAnswer server("no HTTP\r\n\r\n");
  EXPECT_FALSE(http_get(server.address(), "/", 30s));
  const OneAnswer silent("");
  EXPECT_FALSE(http_get(silent.address(), "/", 30s));
}

TEST(HttpGet, NamesTheAddressThatFailed) {
  const auto refused = http_get("127.0.0.1:1", "/readyz", 30s);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("GET 127.0.0.1:1/readyz: Connection refused"));
  for (const char* address : {"", "localhost", "127.0.0.1:"}) {
    EXPECT_FALSE(http_get(address, "/", 30s)) << address;
  }
}

TEST(HttpGet, TriesEachAddressOfAName) {
  const OneAnswer server("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  const auto port = server.address().substr(server.address().find(':'));
  const auto answer = http_get("localhost" + port, "/", 30s);  // which may be ::1 first
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->status, 200U);
}

TEST(HttpGet, LeavesTimeToTheNextAddressWhereOneDoesNotAnswer) {
  // Its handshakes get no answer, as behind a firewall that drops them.
  SocketAddress silent = resolve_address("127.0.0.1", 0).value();
  const FileDescriptor listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  ASSERT_EQ(::bind(listener.get(), silent.data(), silent.length), 0);
  ASSERT_EQ(::listen(listener.get(), 0), 0);
  ::getsockname(listener.get(), reinterpret_cast<sockaddr*>(&silent.storage), &silent.length);
  // With its queue full, the kernel drops further handshakes.
  const FileDescriptor fills_its_queue(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  ASSERT_EQ(::connect(fills_its_queue.get(), silent.data(), silent.length), 0);

  const OneAnswer server("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  const auto answer = http_get({silent, resolve_authority(server.address()).value()}, "two.test:80", "/", 6s);
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->status, 200U);
}

TEST(HttpGet, TellsANameThatCannotBeLookedUpFromAWrongAddress) {
  const auto unknown = http_get(std::string(64, 'x') + ":80", "/", 30s);  // too long a name to ask anyone for
  ASSERT_FALSE(unknown);
  EXPECT_THAT(unknown.error().message, HasSubstr(":80/: cannot resolve the address '"));
  EXPECT_THAT(http_get("localhost:http", "/", 30s).error().message, HasSubstr("is not HOST:PORT"));
}

}  // namespace
}  // namespace waitlab
