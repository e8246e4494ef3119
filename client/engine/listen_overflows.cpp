#include "client/engine/listen_overflows.hpp"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <netinet/in.h>

#include <cstring>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>

namespace waitlab::client {
namespace {

bool is_address(const sockaddr* candidate, const boost::asio::ip::address& address) {
  if (!candidate) return false;
  if (candidate->sa_family == AF_INET && address.is_v4()) {
    const auto bytes = address.to_v4().to_bytes();
    return std::memcmp(&reinterpret_cast<const sockaddr_in*>(candidate)->sin_addr, bytes.data(), bytes.size()) == 0;
  }
  if (candidate->sa_family == AF_INET6 && address.is_v6()) {
    const auto bytes = address.to_v6().to_bytes();
    return std::memcmp(&reinterpret_cast<const sockaddr_in6*>(candidate)->sin6_addr, bytes.data(), bytes.size()) == 0;
  }
  return false;
}

}  // namespace

std::optional<std::uint64_t> read_listen_overflows(std::istream& netstat) {
  std::string names_line;
  std::string values_line;
  while (std::getline(netstat, names_line) && std::getline(netstat, values_line)) {
    std::istringstream names(names_line);
    std::istringstream values(values_line);
    std::string name;
    std::string value;
    while (names >> name && values >> value) {
      if (name == "ListenOverflows") return std::stoull(value);
    }
  }
  return std::nullopt;
}

std::optional<std::uint64_t> listen_overflows() {
  std::ifstream netstat("/proc/net/netstat");
  return read_listen_overflows(netstat);
}

bool is_local(const boost::asio::ip::address& address) {
  if (address.is_loopback()) return true;
  ifaddrs* all = nullptr;
  if (::getifaddrs(&all) != 0) return false;
  const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> owner(all, &::freeifaddrs);
  for (const ifaddrs* one = all; one; one = one->ifa_next) {
    if (is_address(one->ifa_addr, address)) return true;
  }
  return false;
}

}  // namespace waitlab::client
