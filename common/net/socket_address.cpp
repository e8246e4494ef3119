#include "common/net/socket_address.hpp"

#include "common/net/file_descriptor.hpp"

#include <fmt/format.h>

#include <netdb.h>
#include <netinet/in.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <memory>

namespace waitlab {
namespace {

using Addresses = std::vector<SocketAddress>;

Result<Addresses> look_up(const std::string& host, const std::string& port) {
  // Whoever writes it means every address; to getaddrinfo it is loopback.
  if (host == "*")
    return Failure{"'*' is no address: 0.0.0.0 stands for every IPv4 address of the machine, :: for all"};
  if (host.starts_with('['))
    return Failure{fmt::format("'{}': an IPv6 address is written without brackets here", host)};
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICSERV;
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int error = ::getaddrinfo(host.c_str(), port.c_str(), &hints, &found);
  if (error != 0) return Failure{fmt::format("cannot resolve the address '{}': {}", host, ::gai_strerror(error))};
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owned(found, ::freeaddrinfo);
  Addresses addresses;
  for (const addrinfo* next = found; next != nullptr; next = next->ai_next) {
    SocketAddress& address = addresses.emplace_back();
    std::memcpy(&address.storage, next->ai_addr, next->ai_addrlen);
    address.length = next->ai_addrlen;
  }
  return addresses;
}

bool is_ipv6(std::string_view host) {
  return host.find(':') != std::string_view::npos;
}

}  // namespace

std::uint16_t SocketAddress::port() const noexcept {
  return family() == AF_INET6 ? ntohs(reinterpret_cast<const sockaddr_in6&>(storage).sin6_port)
                              : ntohs(reinterpret_cast<const sockaddr_in&>(storage).sin_port);
}

void SocketAddress::set_port(std::uint16_t port) noexcept {
  (family() == AF_INET6 ? reinterpret_cast<sockaddr_in6&>(storage).sin6_port
                        : reinterpret_cast<sockaddr_in&>(storage).sin_port) = htons(port);
}

// As getnameinfo tells it, which knows the names of zones.
std::string SocketAddress::to_string() const {
  std::array<char, NI_MAXHOST> text{};
  ::getnameinfo(data(), sizeof storage, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST);
  return join_host_port(text.data(), fmt::to_string(port()));
}

Result<HostPort> parse_host_port(std::string_view text) {
  const Failure failure{fmt::format("'{}' is not HOST:PORT; for example 127.0.0.1:8081 or [::1]:8081", text)};
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return failure;
  const auto port = parse_port(text.substr(colon + 1));
  std::string_view host = text.substr(0, colon);
  const bool bracketed = host.starts_with('[') && host.ends_with(']');
  if (bracketed) host = host.substr(1, host.size() - 2);
  if (!port || host.empty() || bracketed != is_ipv6(host)) return failure;
  return HostPort{.host = std::string(host), .port = *port};
}

std::string join_host_port(std::string_view host, std::string_view port) {
  return is_ipv6(host) ? fmt::format("[{}]:{}", host, port) : fmt::format("{}:{}", host, port);
}

std::string without_zone(std::string authority) {
  const std::size_t percent = authority.find('%');
  if (percent != std::string::npos) authority.erase(percent, authority.find(']', percent) - percent);
  return authority;
}

std::optional<std::uint16_t> parse_port(std::string_view digits) {
  std::uint16_t port = 0;
  const char* const end = digits.data() + digits.size();
  const auto read = std::from_chars(digits.data(), end, port);
  if (read.ec != std::errc() || read.ptr != end || port == 0) return std::nullopt;
  return port;
}

std::optional<std::string> address_in(std::string_view line, std::string_view prefix) {
  if (!line.starts_with(prefix) || line.size() == prefix.size() || line[prefix.size()] != ' ') return std::nullopt;
  line.remove_prefix(prefix.size() + 1);
  const std::string_view address = line.substr(0, line.find(' '));
  if (!parse_host_port(address)) return std::nullopt;
  return std::string(address);
}

Result<Addresses> resolve_all(const std::string& host, std::uint16_t port) {
  return look_up(host, fmt::to_string(port));
}

Result<Addresses> resolve_all(std::string_view authority) {
  const auto place = parse_host_port(authority);
  if (!place) return place.error();
  return resolve_all(place->host, place->port);
}

Result<SocketAddress> resolve_address(const std::string& host, std::uint16_t port) {
  const auto all = resolve_all(host, port);
  if (!all) return all.error();
  return all->front();
}

Result<SocketAddress> resolve_authority(std::string_view authority) {
  const auto all = resolve_all(authority);
  if (!all) return all.error();
  return all->front();
}

Result<std::uint16_t> find_free_port() {
  const FileDescriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (!socket || ::bind(socket.get(), generic, size) != 0 || ::getsockname(socket.get(), generic, &size) != 0) {
    return Failure{fmt::format("cannot find a free port: {}", std::strerror(errno))};
  }
  return ntohs(address.sin_port);
}

bool is_port_taken(const std::string& host, const std::string& port) {
  const auto addresses = look_up(host, port);
  return addresses && std::ranges::any_of(*addresses, [](const SocketAddress& address) {
           const FileDescriptor socket(::socket(address.family(), SOCK_STREAM | SOCK_CLOEXEC, 0));
           const int yes = 1;  // connections of an earlier server that are still closing take nothing
           ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
           return ::bind(socket.get(), address.data(), address.length) != 0 && errno == EADDRINUSE;
         });
}

}  // namespace waitlab
