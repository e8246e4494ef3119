#include "common/net/socket_address.hpp"

#include <gmock/gmock.h>

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

TEST(SocketAddress, MayLeaveThePortToTheKernel) {
  EXPECT_EQ(resolve_address("0.0.0.0", 0).value().to_string(), "0.0.0.0:0");
}

TEST(SocketAddress, SaysWhatItCannotResolve) {
  EXPECT_THAT(resolve_address("256.1.1.1", 80).error().message, StartsWith("cannot resolve the address '256.1.1.1': "));
  EXPECT_FALSE(resolve_address("", 80));
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

}  // namespace
}  // namespace waitlab
