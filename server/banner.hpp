#pragma once

#include "common/net/socket_address.hpp"
#include "common/process/resource_limits.hpp"
#include "server/config.hpp"

#include <string>

namespace waitlab::server {

/// What a banner tells of.
struct BannerFacts {
  const ServerConfig& config;  ///< sized
  const ResourceLimits& limits;
  SocketAddress address;
  SocketAddress admin_address;
  std::string config_file;  ///< empty: none
  std::string container;    ///< host name of the container whose main process this is: its id by default; else empty
  int pid = 0;
};

/// Lines for whoever has just started the server: how it waits and for what, what it may use of the machine, what to
/// try, and how to switch and stop it. No line is longer than 80 characters but where an address or a path makes it so.
std::string banner(const BannerFacts& facts);

}  // namespace waitlab::server
