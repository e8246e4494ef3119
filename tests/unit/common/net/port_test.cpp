#include "common/net/port.hpp"

#include "common/net/file_descriptor.hpp"

#include <gtest/gtest.h>

#include <netinet/in.h>
#include <sys/socket.h>

namespace waitlab {
namespace {

TEST(Port, AFreeOneIsNotTaken) {
  const auto port = find_free_port();
  ASSERT_TRUE(port) << port.error().message;
  EXPECT_GT(*port, 0);
  EXPECT_FALSE(is_port_taken("127.0.0.1", std::to_string(*port)));
}

TEST(Port, IsTakenWhileSomethingListensThere) {
  const auto port = find_free_port().value();
  const FileDescriptor listener(::socket(AF_INET, SOCK_STREAM, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ASSERT_EQ(::bind(listener.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  ASSERT_EQ(::listen(listener.get(), 1), 0);
  for (const char* host : {"127.0.0.1", "localhost", "0.0.0.0"})
    EXPECT_TRUE(is_port_taken(host, std::to_string(port))) << host;
}

TEST(Port, OfAnotherMachineIsNotTaken) {
  EXPECT_FALSE(is_port_taken("192.0.2.1", "80"));
  EXPECT_FALSE(is_port_taken(std::string(64, 'x'), "80"));
}

}  // namespace
}  // namespace waitlab
