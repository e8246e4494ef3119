#include "server/connection/listening_sockets.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fcntl.h>
#include <cerrno>
#include <cstdint>
#include <set>

namespace waitlab::server {
namespace {

using testing::HasSubstr;

/// A machine of which some ports are taken.
class Machine {
 public:
  FileDescriptor listen(SocketAddress& address) {
    if (address.port() == 0) address.set_port(next_port_++);
    if (taken.contains(address.to_string())) {
      errno = EADDRINUSE;
      return {};
    }
    ++listening;
    return FileDescriptor(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  }

  std::set<std::string> taken;
  int listening = 0;

 private:
  std::uint16_t next_port_ = 40'000;
};

class ListeningSocketsTest : public testing::Test {
 protected:
  Result<ListeningSockets> listen_with(std::uint16_t port) {
    const std::vector<SocketAddress> wanted{resolve_address("127.0.0.1", port).value(),
                                            resolve_address("127.0.0.2", port).value()};
    return listen_on_all("listen", wanted, [this](SocketAddress& address) { return machine.listen(address); });
  }

  Machine machine;
};

TEST_F(ListeningSocketsTest, HaveOnePort) {
  const auto listening = listen_with(0);
  ASSERT_TRUE(listening);
  ASSERT_EQ(listening->addresses.size(), 2U);
  EXPECT_EQ(listening->addresses[0].to_string(), "127.0.0.1:40000");
  EXPECT_EQ(listening->addresses[1].to_string(), "127.0.0.2:40000");
}

TEST_F(ListeningSocketsTest, TakeAnotherPortIfTheirFirstIsTakenOnAnotherAddress) {
  machine.taken = {"127.0.0.2:40000", "127.0.0.2:40001"};
  const auto listening = listen_with(0);
  ASSERT_TRUE(listening) << listening.error().message;
  ASSERT_EQ(listening->sockets.size(), 2U);
  EXPECT_EQ(listening->addresses[0].to_string(), "127.0.0.1:40002");
  EXPECT_EQ(listening->addresses[1].to_string(), "127.0.0.2:40002");
}

TEST_F(ListeningSocketsTest, GiveUpAfterAFewTries) {
  for (int port = 40'000; port < 41'000; ++port)
    machine.taken.insert("127.0.0.2:" + std::to_string(port));
  const auto listening = listen_with(0);
  ASSERT_FALSE(listening);
  EXPECT_THAT(listening.error().message, HasSubstr("listen: cannot listen on 127.0.0.2:4000"));
  EXPECT_LT(machine.listening, 20);
}

TEST_F(ListeningSocketsTest, TakeNoOtherPortThanTheOneAskedFor) {
  machine.taken = {"127.0.0.2:50000"};
  const auto listening = listen_with(50'000);
  ASSERT_FALSE(listening);
  EXPECT_THAT(listening.error().message, HasSubstr("127.0.0.2:50000: Address already in use"));
  EXPECT_EQ(machine.listening, 1);
}

}  // namespace
}  // namespace waitlab::server
