#include "client/engine/detour.hpp"

#include "tests/support/temporary_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace waitlab::client {
namespace {

using boost::asio::ip::make_address;
using boost::asio::ip::tcp;
using testing::HasSubstr;
using testing::IsEmpty;

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

namespace fs = std::filesystem;

/// A machine of files, with nothing on it but what a test puts there.
class DetourTest : public testing::Test {
 protected:
  ~DetourTest() override { fs::remove_all(root_.path()); }

  void write(const std::string& path, const std::string& text) const {
    const fs::path file = root_.path() + "/" + path;
    fs::create_directories(file.parent_path());
    std::ofstream(file) << text;
  }

  void publish(const std::string& host_address) const {
    write("proc/77/cmdline", std::string("bash\0", 5));
    std::string proxy = "/usr/bin/docker-proxy -proto tcp -host-ip " + host_address +
                        " -host-port 8080 -container-ip 172.17.0.2 -container-port 80 ";
    std::replace(proxy.begin(), proxy.end(), ' ', '\0');
    write("proc/78/cmdline", proxy);
  }

  void be_in_container(const std::string& sign) const {
    write(sign, "");
    write("proc/net/route", "Iface\tDestination\tGateway\tFlags\neth0\t00000000\t010200C0\t0003\n");
  }

  std::string detour(const std::string& url, const std::string& address) const {
    const Target target = parse_target(url).value();
    return find_detour(target, tcp::endpoint(make_address(address), 8080), root_.path());
  }

 private:
  TemporaryFile root_{".root"};
};

TEST_F(DetourTest, IsAPortThatDockerProxyPublishesHere) {
  publish("0.0.0.0");
  const std::string found = detour("http://localhost:8080/wait?delay=1ms", "127.0.0.1");
  EXPECT_THAT(found, HasSubstr("port 8080 is published by Docker"));
  EXPECT_THAT(found, HasSubstr("waitlab-client waitlab run 'http://localhost:80/wait?delay=1ms'"));
}

TEST_F(DetourTest, SuggestsACommandThatAShellTakesAsItIs) {
  publish("0.0.0.0");
  EXPECT_THAT(detour("http://localhost:8080/mix?work=1ms&delay=50ms", "127.0.0.1"),
              HasSubstr("run 'http://localhost:80/mix?work=1ms&delay=50ms'"));
  EXPECT_THAT(detour("http://localhost:8080/it's", "127.0.0.1"), HasSubstr("run 'http://localhost:80/it'\\''s'"));
}

TEST_F(DetourTest, IsNoneWhereNobodyPublishesThePort) {
  write("proc/77/cmdline", std::string("bash\0", 5));
  EXPECT_THAT(detour("http://localhost:8080/", "127.0.0.1"), IsEmpty());
  publish("127.0.0.2");
  EXPECT_THAT(detour("http://localhost:8080/", "127.0.0.1"), IsEmpty());
}

TEST_F(DetourTest, IsNoneToAnotherMachineThatHappensToUseThePort) {
  publish("0.0.0.0");
  EXPECT_THAT(detour("http://192.0.2.1:8080/", "192.0.2.1"), IsEmpty());
}

TEST_F(DetourTest, IsTheWayOutOfAContainer) {
  be_in_container(".dockerenv");
  EXPECT_THAT(detour("http://192.0.2.1:8080/", "192.0.2.1"), HasSubstr("out of this container"));
  EXPECT_THAT(detour("http://192.0.2.9:8080/", "192.0.2.9"), IsEmpty());
}

TEST_F(DetourTest, IsTheMachineAroundAContainerByItsName) {
  be_in_container("run/.containerenv");
  EXPECT_THAT(detour("http://host.docker.internal:8080/", "192.0.2.9"), HasSubstr("out of this container"));
  EXPECT_THAT(detour("http://host.containers.internal:8080/", "192.0.2.9"), HasSubstr("out of this container"));
}

TEST_F(DetourTest, IsNoneOverARouterWithoutAContainer) {
  be_in_container("nothing");
  EXPECT_THAT(detour("http://192.0.2.1:8080/", "192.0.2.1"), IsEmpty());
}

}  // namespace
}  // namespace waitlab::client
