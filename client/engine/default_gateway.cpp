#include "client/engine/default_gateway.hpp"

#include <arpa/inet.h>
#include <net/route.h>

#include <cstdint>
#include <sstream>
#include <string>

namespace waitlab::client {

std::optional<boost::asio::ip::address_v4> default_gateway(std::istream& route) {
  std::string line;
  std::getline(route, line);  // the names of the columns
  while (std::getline(route, line)) {
    std::istringstream columns(line);
    std::string interface;
    std::uint32_t destination = 0;
    std::uint32_t gateway = 0;  // both as they stand in memory, in network order
    unsigned flags = 0;
    if (!(columns >> interface >> std::hex >> destination >> gateway >> flags)) continue;
    if (destination == 0 && (flags & RTF_GATEWAY) != 0) return boost::asio::ip::address_v4(ntohl(gateway));
  }
  return std::nullopt;
}

}  // namespace waitlab::client
