#pragma once

#include "client/engine/tls_context.hpp"
#include "common/result.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <stop_token>

namespace waitlab::client {

/// Connects to the server once, shakes hands and says goodbye: whether a run's connections can hope to be trusted.
/// Blocks for `patience` at most; `stop` ends it at once. Failure names the server, what is wrong, and what to do.
Result<void> try_handshake(const TlsContext& context, const boost::asio::ip::tcp::endpoint& server,
                           std::chrono::nanoseconds patience, const std::stop_token& stop);

}  // namespace waitlab::client
