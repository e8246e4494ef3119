#include "client/engine/server_address.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>

namespace waitlab::client {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

error_code try_connect(const tcp::endpoint& address, std::chrono::nanoseconds patience, const std::stop_token& stop) {
  asio::io_context io(1);
  tcp::socket socket(io);
  error_code outcome = asio::error::timed_out;
  socket.async_connect(address, [&outcome](error_code error) { outcome = error; });
  const std::stop_callback give_up(stop, [&io] { io.stop(); });
  io.run_for(patience);
  return outcome;
}

Failure not_accepting(const tcp::endpoint& address, error_code error) {
  const char* remedy = error == asio::error::connection_refused ? "is the server running, and is the port right?"
                                                                : "check the address, the route and any firewall";
  return {fmt::format("cannot connect to {}: {}; {}", fmt::streamed(address), error.message(), remedy)};
}

}  // namespace

Result<tcp::endpoint> find_server(const Target& target, std::chrono::nanoseconds patience,
                                  const std::stop_token& stop) {
  asio::io_context io(1);
  tcp::resolver resolver(io);
  error_code error;
  const auto addresses = resolver.resolve(target.host, target.port, tcp::resolver::numeric_service, error);
  if (error || addresses.empty()) {
    return Failure{fmt::format("host '{}' cannot be resolved: {}; check the spelling", target.host, error.message())};
  }
  for (const auto& address : addresses) {
    error = try_connect(address.endpoint(), patience, stop);
    if (!error) return address.endpoint();
    if (stop.stop_requested())
      return Failure{fmt::format("interrupted while connecting to {}", fmt::streamed(address.endpoint()))};
  }
  return not_accepting(addresses.begin()->endpoint(), error);
}

}  // namespace waitlab::client
