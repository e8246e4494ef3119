#include "client/engine/published_port.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace waitlab::client {
namespace {

using boost::asio::ip::make_address;
using boost::asio::ip::tcp;

/// With a zero byte after each argument, as the kernel has it.
std::string command_line(std::string text) {
  std::replace(text.begin(), text.end(), ' ', '\0');
  return text + '\0';
}

std::optional<PublishedPort> port_of(const std::string& text) {
  return read_docker_proxy(command_line(text));
}

tcp::endpoint at(const std::string& address, std::uint16_t port) {
  return {make_address(address), port};
}

TEST(PublishedPort, IsReadFromTheCommandLineOfTheProxy) {
  const auto port = port_of(
      "/usr/sbin/docker-proxy -proto tcp -host-ip 127.0.0.1 -host-port 32769 -container-ip 172.17.0.2 "
      "-container-port 8080");
  ASSERT_TRUE(port);
  EXPECT_EQ(port->host_address, make_address("127.0.0.1"));
  EXPECT_EQ(port->host_port, 32769);
  EXPECT_EQ(port->container_port, 8080);
}

TEST(PublishedPort, IsNoneOfOtherProgramsAndOtherProtocols) {
  EXPECT_FALSE(port_of("grep docker-proxy -proto tcp -host-ip 0.0.0.0 -host-port 80"));
  EXPECT_FALSE(port_of("docker-proxy -proto udp -host-ip 0.0.0.0 -host-port 80"));
  EXPECT_FALSE(port_of("docker-proxy -proto tcp -host-ip 0.0.0.0 -host-port"));
  EXPECT_FALSE(port_of("docker-proxy -proto tcp -host-ip nowhere -host-port 80"));
  EXPECT_FALSE(read_docker_proxy(""));
}

TEST(PublishedPort, ServesItsAddressAlone) {
  const PublishedPort one{make_address("127.0.0.1"), 8080, 80};
  EXPECT_TRUE(one.serves(at("127.0.0.1", 8080)));
  EXPECT_FALSE(one.serves(at("127.0.0.1", 80)));
  EXPECT_FALSE(one.serves(at("192.0.2.1", 8080)));
}

TEST(PublishedPort, ServesAllAddressesOfItsFamilyWhereItNamesNone) {
  const PublishedPort any{make_address("0.0.0.0"), 8080, 80};
  EXPECT_TRUE(any.serves(at("127.0.0.1", 8080)));
  EXPECT_TRUE(any.serves(at("192.0.2.1", 8080)));
  EXPECT_FALSE(any.serves(at("::1", 8080)));
  EXPECT_TRUE((PublishedPort{make_address("::"), 8080, 80}.serves(at("::1", 8080))));
}

}  // namespace
}  // namespace waitlab::client
