#pragma once

#include "client/engine/target.hpp"
#include "client/engine/tls_context.hpp"
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

/// Connects to the server once, shakes hands and says goodbye: whether a run's connections can hope to be trusted.
/// Blocks for `patience` at most; `stop` ends it at once. Failure names the server, what is wrong, and what to do.
Result<void> try_handshake(const TlsContext& context, const boost::asio::ip::tcp::endpoint& server,
                           std::chrono::nanoseconds patience, const std::stop_token& stop);

}  // namespace waitlab::client
