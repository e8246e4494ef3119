#include "common/net/socket_address.hpp"

#include "common/net/file_descriptor.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <netinet/in.h>
#include <sys/socket.h>

namespace waitlab {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

TEST(SocketAddress, IsResolvedFromALiteral) {
  const SocketAddress address = resolve_address("127.0.0.1", 8080).value();
  EXPECT_EQ(address.family(), AF_INET);
  EXPECT_EQ(address.port(), 8080);
  EXPECT_EQ(address.to_string(), "127.0.0.1:8080");
}

TEST(SocketAddress, PutsIpv6IntoBrackets) {
  const SocketAddress address = resolve_address("::1", 65535).value();
  EXPECT_EQ(address.family(), AF_INET6);
  EXPECT_EQ(address.port(), 65535);
  EXPECT_EQ(address.to_string(), "[::1]:65535");
}

// The loopback interface is there in every network namespace; an address need not be its own to be in its zone.
TEST(SocketAddress, KeepsTheZoneOfALinkLocalAddress) {
  const auto address = resolve_address("fe80::1%lo", 8080);
  ASSERT_TRUE(address) << address.error().message;
  EXPECT_EQ(address->to_string(), "[fe80::1%lo]:8080");
}

TEST(SocketAddress, IsResolvedToAllThereAre) {
  const auto all = resolve_all("localhost", 80).value();
  ASSERT_FALSE(all.empty());
  EXPECT_EQ(all.front().to_string(), resolve_address("localhost", 80).value().to_string());
  for (const SocketAddress& address : all)
    EXPECT_EQ(address.port(), 80);
}

TEST(SocketAddress, MayLeaveThePortToTheKernel) {
  EXPECT_EQ(resolve_address("0.0.0.0", 0).value().to_string(), "0.0.0.0:0");
}

TEST(SocketAddress, SaysWhatItCannotResolve) {
  EXPECT_THAT(resolve_address("256.1.1.1", 80).error().message, StartsWith("cannot resolve the address '256.1.1.1': "));
  EXPECT_FALSE(resolve_address("", 80));
}

TEST(SocketAddress, SaysWhatIsWrittenForEveryAddressAndWithoutBrackets) {
  EXPECT_THAT(resolve_address("*", 80).error().message, HasSubstr("0.0.0.0 stands for every IPv4 address"));
  EXPECT_THAT(resolve_address("[::1]", 80).error().message, HasSubstr("without brackets"));
}

TEST(HostPort, IsTakenApart) {
  const auto expect = [](std::string_view text, std::string_view host, int port) {
    const auto place = parse_host_port(text);
    ASSERT_TRUE(place) << place.error().message;
    EXPECT_EQ(place->host, host) << text;
    EXPECT_EQ(place->port, port) << text;
  };
  expect("127.0.0.1:8081", "127.0.0.1", 8081);
  expect("localhost:1", "localhost", 1);
  expect("[::1]:65535", "::1", 65535);
  expect("[fe80::1%eth0]:80", "fe80::1%eth0", 80);
}

TEST(HostPort, WhatIsNoneIsAlwaysRefusedInTheSameWords) {
  for (const char* text : {"",
                           ":",
                           ":80",
                           "127.0.0.1",
                           "127.0.0.1:",
                           "127.0.0.1:0",
                           "127.0.0.1:65536",
                           "127.0.0.1:8o",
                           "127.0.0.1:-1",
                           "127.0.0.1:+1",
                           "127.0.0.1: 80",
                           "::1",
                           "::1:80",
                           "[::1]",
                           "[::1]80",
                           "[::1:80",
                           "::1]:80",
                           "[]:80",
                           "[localhost]:80",
                           "[::1]:",
                           "[::1]:0",
                           "[::1]:http"}) {
    const auto place = parse_host_port(text);
    ASSERT_FALSE(place) << text;
    EXPECT_EQ(place.error().message,
              fmt::format("'{}' is not HOST:PORT; for example 127.0.0.1:8081 or [::1]:8081", text));
  }
}

TEST(HostPort, IsPutTogetherAgain) {
  for (const char* text : {"127.0.0.1:8081", "localhost:80", "[::1]:8080", "[fe80::1%eth0]:80"}) {
    const HostPort place = parse_host_port(text).value();
    EXPECT_EQ(join_host_port(place.host, std::to_string(place.port)), text);
  }
}

TEST(PortNumber, IsDecimalFrom1To65535) {
  EXPECT_EQ(parse_port("1"), 1);
  EXPECT_EQ(parse_port("65535"), 65535);
  for (const char* text : {"", "0", "65536", "-1", "+1", " 1", "1 ", "0x1", "http"})
    EXPECT_FALSE(parse_port(text)) << text;
}

TEST(ReadyLine, FindsTheAddress) {
  EXPECT_EQ(address_in("listening on 127.0.0.1:8080 (event-loop)", "listening on"), "127.0.0.1:8080");
  EXPECT_EQ(address_in("admin on [::1]:9", "admin on"), "[::1]:9");
}

TEST(ReadyLine, RefusesOtherLines) {
  for (const char* line : {"", "listening on", "listening on ", "listening on 127.0.0.1", "listening on :80",
                           "listening on host:", "listening on host:http", "listening onward 1.2.3.4:5",
                           "listening on 1.2.3.4:0", "listening on ::1:80", "[info] listening on 127.0.0.1:8080"}) {
    EXPECT_FALSE(address_in(line, "listening on")) << line;
  }
}

TEST(SocketAuthority, IsHostAndPort) {
  EXPECT_EQ(resolve_authority("127.0.0.1:8081").value().to_string(), "127.0.0.1:8081");
  EXPECT_EQ(resolve_authority("[::1]:80").value().to_string(), "[::1]:80");
}

TEST(SocketAuthority, RefusesWhatIsNoHostAndPort) {
  for (const char* text : {"", ":", ":80", "127.0.0.1", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:65536", "127.0.0.1:8o",
                           "127.0.0.1:-1", "127.0.0.1: 80"}) {
    const auto address = resolve_authority(text);
    ASSERT_FALSE(address) << text;
    EXPECT_THAT(address.error().message, HasSubstr("is not HOST:PORT; for example 127.0.0.1:8081")) << text;
  }
  EXPECT_FALSE(resolve_authority("[]:80"));
}

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
