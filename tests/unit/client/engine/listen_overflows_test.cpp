#include "client/engine/listen_overflows.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace waitlab::client {
namespace {

TEST(ListenOverflows, AreFoundByNameAmongTheKernelsCounters) {
  std::istringstream netstat(
      "TcpExt: SyncookiesSent ListenOverflows ListenDrops\nTcpExt: 1 42 43\nIpExt: InNoRoutes\nIpExt: 9\n");
  EXPECT_EQ(read_listen_overflows(netstat), 42u);
}

TEST(ListenOverflows, AreNothingWhereTheKernelDoesNotSay) {
  std::istringstream netstat("IpExt: InNoRoutes\nIpExt: 9\n");
  EXPECT_EQ(read_listen_overflows(netstat), std::nullopt);
}

TEST(ListenOverflows, AreOursToSeeOnTheLoopback) {
  EXPECT_TRUE(is_local(boost::asio::ip::make_address("127.0.0.9")));
  EXPECT_TRUE(is_local(boost::asio::ip::make_address("::1")));
  EXPECT_FALSE(is_local(boost::asio::ip::make_address("192.0.2.1")));
}

}  // namespace
}  // namespace waitlab::client
