#pragma once

#include "common/result.hpp"

#include <sys/socket.h>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace waitlab {

/// An IPv4 or IPv6 address with its port, as the socket calls want it.
struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t length = 0;

  const sockaddr* data() const noexcept { return reinterpret_cast<const sockaddr*>(&storage); }
  int family() const noexcept { return storage.ss_family; }
  std::uint16_t port() const noexcept;
  void set_port(std::uint16_t port) noexcept;
  std::string to_string() const;  ///< "127.0.0.1:8080", "[::1]:8080", "[fe80::1%eth0]:8080"
};

/// A HOST:PORT taken apart.
struct HostPort {
  std::string host;        ///< a name or an address, without brackets; an IPv6 one may have a zone: "fe80::1%eth0"
  std::uint16_t port = 0;  ///< never 0
};

/// Reads "HOST:PORT" or "[IPV6]:PORT". An IPv6 address needs its brackets, as "::1:80" is one by itself. Every Failure
/// names the text and shows how to write it.
Result<HostPort> parse_host_port(std::string_view text);

/// The other way round: "127.0.0.1:8080", "[::1]:8080".
std::string join_host_port(std::string_view host, std::string_view port);

/// Without the zone of an IPv6 address, which is this machine's alone and no server's name (RFC 6874 section 4).
std::string without_zone(std::string authority);

/// A port in decimal, from 1 to 65535; nothing for any other text.
std::optional<std::uint16_t> parse_port(std::string_view digits);

/// The HOST:PORT in a line "PREFIX HOST:PORT (anything)" or "PREFIX HOST:PORT", with which a program says where it
/// listens; nothing for any other line.
std::optional<std::string> address_in(std::string_view line, std::string_view prefix);

/// All addresses of a name or a literal, at least one, in the order in which to try them. Blocks while a name is looked
/// up.
Result<std::vector<SocketAddress>> resolve_all(const std::string& host, std::uint16_t port);

/// The same from "HOST:PORT" or "[IPV6]:PORT".
Result<std::vector<SocketAddress>> resolve_all(std::string_view authority);

/// The first of them.
Result<SocketAddress> resolve_address(const std::string& host, std::uint16_t port);

/// The same from "HOST:PORT" or "[IPV6]:PORT".
Result<SocketAddress> resolve_authority(std::string_view authority);

/// A port of 127.0.0.1 that nothing listens on now. It is not kept: another program may take it before it is used.
Result<std::uint16_t> find_free_port();

/// Whether something already listens at this address of the machine ("127.0.0.1", "8080"), so that nothing else can. An
/// address that is none of this machine's, or that may not be used, is not taken.
bool is_port_taken(const std::string& host, const std::string& port);

}  // namespace waitlab
