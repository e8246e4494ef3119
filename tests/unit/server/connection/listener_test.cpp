#include "server/connection/listener.hpp"

#include <gtest/gtest.h>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <cerrno>
#include <functional>
#include <vector>

namespace waitlab::server {
namespace {

/// Begins to connect without waiting for anything.
FileDescriptor connect_to(const SocketAddress& address) {
  FileDescriptor socket(::socket(address.family(), SOCK_STREAM | SOCK_NONBLOCK, 0));
  ::connect(socket.get(), address.data(), address.length);
  return socket;
}

FileDescriptor connect_to(const Listener& listener) {
  return connect_to(listener.address());
}

bool is_connected(const FileDescriptor& socket) {
  tcp_info info{};
  socklen_t size = sizeof info;
  ::getsockopt(socket.get(), IPPROTO_TCP, TCP_INFO, &info, &size);
  return info.tcpi_state == TCP_ESTABLISHED;
}

class ListenerTest : public testing::Test {
 protected:
  void accept_ready() { listener.accept_ready(telemetry, site, take); }
  void accept_last() { listener.accept_last(telemetry, site, take); }

  Listener listener =
      *Listener::open("listen", {.address = "127.0.0.1", .port = 0, .max_connections = 100, .limits = {}});
  Tracer tracer;
  Telemetry telemetry{"any", tracer};
  Site site;
  std::vector<IdleConnection> accepted;
  const std::function<void(IdleConnection)> take = [this](IdleConnection connection) {
    accepted.push_back(std::move(connection));
  };
};

TEST_F(ListenerTest, AcceptsTheRestOfWhatTheKernelHolds) {
  std::vector<FileDescriptor> clients;
  for (int client = 0; client < 70; ++client)
    clients.push_back(connect_to(listener));
  accept_last();
  EXPECT_EQ(accepted.size(), clients.size());
}

TEST_F(ListenerTest, RefusesOnceItHasAcceptedTheLast) {
  accept_last();
  const FileDescriptor late = connect_to(listener);
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(late.get(), SOL_SOCKET, SO_ERROR, &error, &size);
  EXPECT_EQ(error, ECONNREFUSED);
}

TEST_F(ListenerTest, ListensOnEveryAddressOfAName) {
  auto opened = Listener::open("listen", {.address = "localhost", .port = 0, .max_connections = 100, .limits = {}});
  ASSERT_TRUE(opened) << opened.error().message;
  listener = std::move(*opened);
  std::vector<FileDescriptor> clients;
  for (const SocketAddress& address : listener.addresses()) {
    EXPECT_EQ(address.port(), listener.address().port());
    clients.push_back(connect_to(address));
    EXPECT_TRUE(is_connected(clients.back())) << address.to_string();
    pollfd polled{listener.descriptor(), POLLIN, 0};
    EXPECT_EQ(::poll(&polled, 1, -1), 1);
    accept_ready();
  }
  EXPECT_EQ(accepted.size(), clients.size());
}

TEST_F(ListenerTest, HasAsManyAcceptQueuesForAnAddressAsItIsAskedFor) {
  auto opened =
      Listener::open("listen", {.address = "127.0.0.1", .port = 0, .max_connections = 100, .limits = {}, .queues = 3});
  ASSERT_TRUE(opened) << opened.error().message;
  listener = std::move(*opened);
  EXPECT_EQ(listener.addresses().size(), 1U);
  std::vector<FileDescriptor> clients;
  for (int client = 0; client < 60; ++client)
    clients.push_back(connect_to(listener));
  std::size_t before = 0;
  for (const std::uint32_t queue : {0U, 1U, 2U}) {
    pollfd polled{listener.descriptor({.queue = queue}), POLLIN, 0};
    EXPECT_EQ(::poll(&polled, 1, -1), 1);
    listener.accept_ready(telemetry, site, take, {.queue = queue});
    EXPECT_GT(accepted.size(), before);
    before = accepted.size();
  }
  EXPECT_EQ(accepted.size(), clients.size());
}

TEST_F(ListenerTest, LeavesToOthersWhatIsNotForOneTurn) {
  const FileDescriptor first = connect_to(listener);
  const FileDescriptor second = connect_to(listener);
  listener.accept_ready(telemetry, site, take, {.at_once = 1});
  EXPECT_EQ(accepted.size(), 1U);
  accept_ready();
  EXPECT_EQ(accepted.size(), 2U);
}

TEST_F(ListenerTest, WithSeveralQueuesTakesAllOfThemToo) {
  const Listener::Settings settings{
      .address = "127.0.0.1", .port = 0, .max_connections = 100, .limits = {}, .queues = 3};
  auto opened = Listener::open("listen", settings);
  ASSERT_TRUE(opened) << opened.error().message;
  listener = std::move(*opened);
  std::vector<FileDescriptor> clients;
  for (int client = 0; client < 60; ++client)
    clients.push_back(connect_to(listener));
  accept_last();
  EXPECT_EQ(accepted.size(), clients.size());
}

TEST_F(ListenerTest, SharesNoPortWithAnotherProgram) {
  const Listener::Settings settings{
      .address = "127.0.0.1", .port = 0, .max_connections = 100, .limits = {}, .queues = 2};
  auto first = Listener::open("listen", settings);
  ASSERT_TRUE(first) << first.error().message;
  Listener::Settings again = settings;
  again.port = first->address().port();
  const auto second = Listener::open("listen", again);
  ASSERT_FALSE(second);
  EXPECT_NE(second.error().message.find("end the program that uses it"), std::string::npos);
}

TEST_F(ListenerTest, LetsNoConnectionComeAboutBetweenTheRestAndTheEnd) {
  const FileDescriptor early = connect_to(listener);
  const bool stopped = listener.stop_handshakes();
  const FileDescriptor late = connect_to(listener);
  EXPECT_TRUE(is_connected(early));
  EXPECT_EQ(is_connected(late), !stopped);
  accept_last();
  EXPECT_EQ(accepted.size(), stopped ? 1U : 2U) << "where the kernel grants no means, none is lost either";
}

TEST_F(ListenerTest, LetsWhatItHadAcceptedGoOnOnceHandshakesHaveStopped) {
  const FileDescriptor client = connect_to(listener);
  listener.stop_handshakes();
  accept_last();
  ASSERT_EQ(accepted.size(), 1U);
  ASSERT_EQ(::send(client.get(), "hello", 5, MSG_NOSIGNAL), 5);
  std::array<char, 8> received{};
  EXPECT_EQ(::recv(accepted.front().socket.get(), received.data(), received.size(), 0), 5);
}

}  // namespace
}  // namespace waitlab::server
