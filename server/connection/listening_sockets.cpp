#include "server/connection/listening_sockets.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <utility>

namespace waitlab::server {

namespace {

constexpr int most_ports_tried = 8;

Failure cannot_listen(const std::string& name, const SocketAddress& address, int error) {
  std::string message = name + ": cannot listen on " + address.to_string() + ": " + std::strerror(error);
  if (error == EADDRINUSE) message += "; end the program that uses it, or set " + name + ".port (0: any free port)";
  if (error == EACCES) message += "; ports below 1024 need privileges: set " + name + ".port to a higher one";
  return {message};
}

/// A name may have addresses that this machine has not, as where IPv6 is switched off.
bool is_not_here(int error) {
  return error == EADDRNOTAVAIL || error == EAFNOSUPPORT;
}

bool is_among(const std::vector<SocketAddress>& addresses, const SocketAddress& address) {
  return std::ranges::any_of(
      addresses, [text = address.to_string()](const SocketAddress& other) { return other.to_string() == text; });
}

/// The others have the port that the first is given. `error` is that of a failure.
Result<ListeningSockets> listen_with_one_port(const std::string& name, const std::vector<SocketAddress>& wanted,
                                              const ListenOn& listen_on, int& error) {
  ListeningSockets listening;
  std::optional<Failure> failure;
  for (SocketAddress address : wanted) {
    if (!listening.addresses.empty()) address.set_port(listening.addresses.front().port());
    if (is_among(listening.addresses, address)) continue;
    FileDescriptor socket = listen_on(address);
    error = errno;
    if (socket) {
      listening.sockets.push_back(std::move(socket));
      listening.addresses.push_back(address);
    } else if (!is_not_here(error) || wanted.size() == 1) {
      return cannot_listen(name, address, error);
    } else if (!failure) {
      failure = cannot_listen(name, address, error);
    }
  }
  if (listening.sockets.empty()) return *failure;
  return listening;
}

}  // namespace

FileDescriptor listen_on(SocketAddress& address, bool one_of_several, Sharing sharing) {
  FileDescriptor socket(::socket(address.family(), SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket) return {};
  const int on = 1;
  ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  // Alone, :: takes what comes for IPv4 addresses as well.
  if (one_of_several && address.family() == AF_INET6)
    ::setsockopt(socket.get(), IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
  const auto share = [&] { ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on); };
  if (sharing == Sharing::further) share();
  if (::bind(socket.get(), address.data(), address.length) < 0) return {};
  if (sharing == Sharing::first) share();
  if (::listen(socket.get(), listen_backlog) < 0) return {};
  address.length = sizeof address.storage;
  ::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address.storage), &address.length);
  return socket;
}

Result<ListeningSockets> listen_on_all(const std::string& name, const std::vector<SocketAddress>& wanted,
                                       const ListenOn& listen_on) {
  int error = 0;
  auto listening = listen_with_one_port(name, wanted, listen_on, error);
  // The port that the first address was given may have been another program's on the next.
  const bool any_port = wanted.front().port() == 0;
  for (int tried = 1; any_port && !listening && error == EADDRINUSE && tried < most_ports_tried; ++tried)
    listening = listen_with_one_port(name, wanted, listen_on, error);
  return listening;
}

}  // namespace waitlab::server
