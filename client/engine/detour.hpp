#pragma once

#include "client/engine/target.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <filesystem>
#include <string>

namespace waitlab::client {

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
