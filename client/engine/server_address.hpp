#pragma once

#include "client/engine/target.hpp"
#include "common/result.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <stop_token>

namespace waitlab::client {

/// Resolves the target's host, once for a whole run, and returns the first of its addresses that accepts a connection
/// within `patience`. The connection is closed again. Blocks; `stop` ends the waiting for a connection at once. Failure
/// names the address and what to do.
Result<boost::asio::ip::tcp::endpoint> find_server(const Target& target, std::chrono::nanoseconds patience,
                                                   const std::stop_token& stop);

}  // namespace waitlab::client
