#include "client/engine/detour.hpp"

#include "tests/support/temporary_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace waitlab::client {
namespace {

namespace fs = std::filesystem;
using boost::asio::ip::make_address;
using boost::asio::ip::tcp;
using testing::HasSubstr;
using testing::IsEmpty;

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
