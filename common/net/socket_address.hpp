#pragma once

#include "common/result.hpp"

#include <sys/socket.h>
#include <cstdint>
#include <string>
#include <string_view>

namespace waitlab {

/// An IPv4 or IPv6 address with its port, as the socket calls want it.
struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t length = 0;

  const sockaddr* data() const noexcept { return reinterpret_cast<const sockaddr*>(&storage); }
  int family() const noexcept { return storage.ss_family; }
  std::uint16_t port() const noexcept;
  std::string to_string() const;  ///< "127.0.0.1:8080", "[::1]:8080"
};

/// The first address of a name or a literal. Blocks while a name is looked up: for start-up.
Result<SocketAddress> resolve_address(const std::string& host, std::uint16_t port);

/// The same from "HOST:PORT" or "[IPV6]:PORT".
Result<SocketAddress> resolve_authority(std::string_view authority);

}  // namespace waitlab
