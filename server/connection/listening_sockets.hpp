#pragma once

#include "common/net/file_descriptor.hpp"
#include "common/net/socket_address.hpp"
#include "common/result.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace waitlab::server {

/// How many connections the kernel may hold for each until they are accepted.
inline constexpr int listen_backlog = 4096;

/// Sockets that listen, and the address of each.
struct ListeningSockets {
  std::vector<FileDescriptor> sockets;
  std::vector<SocketAddress> addresses;
};

/// Makes a socket that listens on the address; a port of 0 becomes the one that it was given. On failure errno says
/// why.
using ListenOn = std::function<FileDescriptor(SocketAddress&)>;

/// Whether sockets have an address in common (SO_REUSEPORT), so that the kernel spreads connections among their accept
/// queues. The first of them is refused an address that another program's sockets have in common.
enum class Sharing : std::uint8_t { none, first, further };

/// The one that asks the kernel. `one_of_several`: whether an IPv6 address leaves IPv4 to others.
FileDescriptor listen_on(SocketAddress& address, bool one_of_several, Sharing sharing = Sharing::none);

/// Listens on each of the addresses that this machine has, all with the same port: for a port of 0 with one that is
/// free on all of them, if one is found in a few tries. `name` is the setting to blame in a failure ("listen").
Result<ListeningSockets> listen_on_all(const std::string& name, const std::vector<SocketAddress>& wanted,
                                       const ListenOn& listen_on);

}  // namespace waitlab::server
