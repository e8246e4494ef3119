#pragma once

#include "client/engine/target.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/address_v4.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstdint>
#include <filesystem>
#include <istream>
#include <optional>
#include <string>
#include <string_view>

namespace waitlab::client {

/// The router that IPv4 takes to where no other route leads, from a text of the form of /proc/net/route. Inside a
/// container that is the machine it runs on, as a rule. Nothing if there is none.
std::optional<boost::asio::ip::address_v4> default_gateway(std::istream& route);

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

/// What lies between this program and the server although both are on one machine: the port of a container is reached
/// through an engine's proxy and address translation, whose cost is then measured with the server's. A sentence that
/// says so and what to do instead; empty if nothing of the kind can be seen. It can be:
///
/// - where the server's address is one of this machine's, and a docker-proxy publishes its port,
/// - where this program runs in a container and the server's address is that of the machine around it.
///
/// `root` is where to look for proc, .dockerenv and run/.containerenv; the addresses of this machine are asked of the
/// kernel.
std::string find_detour(const Target& target, const boost::asio::ip::tcp::endpoint& server,
                        const std::filesystem::path& root = "/");

}  // namespace waitlab::client
