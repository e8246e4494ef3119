#pragma once

#include "common/net/socket_address.hpp"
#include "common/result.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace waitlab {

struct HttpAnswer {
  unsigned status = 0;
  std::string body;
};

/// Asks `address`, a HOST:PORT ("127.0.0.1:8080", "[::1]:8080", "localhost:8080") for `path` on a connection of its own
/// and waits for the whole answer. The addresses of a name are tried in turn, each for its share of the time. Blocks
/// while a name is looked up, and from then on for `patience` at most. For a server's admin listener, not for load.
/// Thread-safe.
Result<HttpAnswer> http_get(const std::string& address, const std::string& path, std::chrono::milliseconds patience);

/// The same where the addresses of `address` are known: at least one.
Result<HttpAnswer> http_get(const std::vector<SocketAddress>& known, const std::string& address,
                            const std::string& path, std::chrono::milliseconds patience);

}  // namespace waitlab
