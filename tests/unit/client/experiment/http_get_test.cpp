#include "client/experiment/http_get.hpp"

#include "client/experiment/sampler.hpp"
#include "common/process/file_descriptor.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>
#include <array>
#include <string>
#include <thread>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

/// Listens on a free port, and answers the first connection with the bytes it was given once a request came.
class OneAnswer {
 public:
  explicit OneAnswer(std::string answer) : answer_(std::move(answer)), listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ::bind(listener_.get(), reinterpret_cast<sockaddr*>(&address), size);
    ::listen(listener_.get(), 1);
    ::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&address), &size);
    address_ = "127.0.0.1:" + std::to_string(ntohs(address.sin_port));
    thread_ = std::jthread([this] { serve(); });
  }

  const std::string& address() const { return address_; }

 private:
  void serve() const {
    const FileDescriptor connection(::accept(listener_.get(), nullptr, nullptr));
    std::array<char, 4096> request;
    if (::recv(connection.get(), request.data(), request.size(), 0) <= 0) return;
    ::send(connection.get(), answer_.data(), answer_.size(), MSG_NOSIGNAL);
  }

  std::string answer_;
  FileDescriptor listener_;
  std::string address_;
  std::jthread thread_;
};

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
  for (const char* address : {"", "localhost", "localhost:80", "127.0.0.1:"}) {
    EXPECT_FALSE(http_get(address, "/", 30s)) << address;
  }
}

TEST(Sampler, SeesTheProcessEvenIfItsCountersCannotBeRead) {
  Sampler sampler(::getpid(), "127.0.0.1:1");
  sampler.begin_window();
  const ServerObservation seen = sampler.finish();
  EXPECT_FALSE(seen.samples.empty());
  EXPECT_GE(seen.peak_threads, 2U);
  EXPECT_GT(seen.peak_rss_bytes, 0U);
  EXPECT_FALSE(seen.usage);
}

TEST(Sampler, IsDoneWithAProcessThatIsGone) {
  Sampler sampler(-1, "127.0.0.1:1");
  EXPECT_TRUE(sampler.finish().samples.empty());
}

}  // namespace
}  // namespace waitlab::client
