#include "common/net/socket_address.hpp"

#include <fmt/format.h>

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <array>
#include <charconv>
#include <cstring>
#include <memory>

namespace waitlab {

std::uint16_t SocketAddress::port() const noexcept {
  return family() == AF_INET6 ? ntohs(reinterpret_cast<const sockaddr_in6&>(storage).sin6_port)
                              : ntohs(reinterpret_cast<const sockaddr_in&>(storage).sin_port);
}

std::string SocketAddress::to_string() const {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (family() == AF_INET6) {
    inet_ntop(AF_INET6, &reinterpret_cast<const sockaddr_in6&>(storage).sin6_addr, text.data(), text.size());
    return fmt::format("[{}]:{}", text.data(), port());
  }
  inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in&>(storage).sin_addr, text.data(), text.size());
  return fmt::format("{}:{}", text.data(), port());
}

Result<SocketAddress> resolve_address(const std::string& host, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int error = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
  if (error != 0) return Failure{fmt::format("cannot resolve the address '{}': {}", host, gai_strerror(error))};
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owned(found, &freeaddrinfo);
  SocketAddress address;
  std::memcpy(&address.storage, found->ai_addr, found->ai_addrlen);
  address.length = found->ai_addrlen;
  return address;
}

Result<SocketAddress> resolve_authority(std::string_view authority) {
  const std::size_t colon = authority.rfind(':');
  std::uint16_t port = 0;
  const char* end = authority.data() + authority.size();
  if (colon == std::string_view::npos || colon == 0 ||
      std::from_chars(authority.data() + colon + 1, end, port).ptr != end || port == 0) {
    return Failure{fmt::format("'{}' is not HOST:PORT; for example 127.0.0.1:8081", authority)};
  }
  std::string_view host = authority.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  return resolve_address(std::string(host), port);
}

}  // namespace waitlab
