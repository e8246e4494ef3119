#pragma once

#include "client/engine/target.hpp"
#include "common/result.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <chrono>

namespace waitlab::client {

/// Resolves the target's host, once for a whole run, and returns the first of its addresses that accepts a connection
/// within `patience`. The connection is closed again. Blocks. Failure names the address and what to do.
Result<boost::asio::ip::tcp::endpoint> find_server(const Target& target, std::chrono::nanoseconds patience);

}  // namespace waitlab::client
