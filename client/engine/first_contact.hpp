#pragma once

#include "client/engine/connection.hpp"
#include "client/engine/target.hpp"
#include "client/engine/tls_context.hpp"
#include "common/result.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <optional>
#include <stop_token>
#include <vector>

namespace waitlab::client {

/// What a run begins with: where its server is, and a connection that shows it.
struct FirstContact {
  std::vector<boost::asio::ip::tcp::endpoint> servers;  ///< all addresses of the host, the one that took it first
  std::optional<OpenConnection> connection;             ///< for the run to use
};

/// Resolves the target's host, once for a whole run, and meets one of its addresses.
Result<FirstContact> meet_server(const Target& target, const TlsContext* tls, std::chrono::nanoseconds patience,
                                 const std::stop_token& stop);

/// Connects to the addresses, of which there is one at least, in their order until one accepts within `patience` and,
/// with TLS, shakes hands within as long again: whether a run's connections can hope to be trusted. `tls`: null for
/// plain text; must outlive the connection. Blocks; `stop` ends the waiting at once. Failure names each address with
/// what is wrong, and what to do.
Result<FirstContact> meet_one_of(std::vector<boost::asio::ip::tcp::endpoint> servers, const TlsContext* tls,
                                 std::chrono::nanoseconds patience, const std::stop_token& stop);

}  // namespace waitlab::client
