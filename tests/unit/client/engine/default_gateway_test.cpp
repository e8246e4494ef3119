#include "client/engine/default_gateway.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace waitlab::client {
namespace {

constexpr const char* columns = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n";

TEST(DefaultGateway, IsTheRouterToEverywhere) {
  std::istringstream route(std::string(columns) + "eth0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0\n" +
                           "eth0\t00000000\t010011AC\t0003\t0\t0\t0\t00000000\t0\t0\t0\n");
  EXPECT_EQ(default_gateway(route), boost::asio::ip::make_address_v4("172.17.0.1"));
}

TEST(DefaultGateway, IsNoneWhereOnlyNeighboursCanBeReached) {
  std::istringstream route(std::string(columns) + "eth0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0\n" +
                           "tun0\t00000000\t00000000\t0001\t0\t0\t0\t00000000\t0\t0\t0\n");
  EXPECT_EQ(default_gateway(route), std::nullopt);
  std::istringstream nothing("");
  EXPECT_EQ(default_gateway(nothing), std::nullopt);
}

}  // namespace
}  // namespace waitlab::client
