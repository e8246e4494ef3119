#pragma once

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>

namespace waitlab::client {

/// A port of this machine that a docker-proxy hands on to a container.
struct PublishedPort {
  boost::asio::ip::address host_address;  ///< unspecified: any of its family
  std::uint16_t host_port = 0;
  std::uint16_t container_port = 0;

  /// Whether who connects there comes to this port.
  bool serves(const boost::asio::ip::tcp::endpoint& address) const;
};

/// What a docker-proxy was told by its command line, which is in the form of /proc/PID/cmdline. Nothing if it is
/// another program's, or the proxy's is not for TCP.
std::optional<PublishedPort> read_docker_proxy(std::string_view command_line);

/// The port behind the address, if one of the processes in `proc` is a docker-proxy that publishes it.
std::optional<PublishedPort> find_published_port(const boost::asio::ip::tcp::endpoint& address,
                                                 const std::filesystem::path& proc);

}  // namespace waitlab::client
