#include "client/engine/first_contact.hpp"

#include "client/engine/tls_session.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>
#include <boost/asio/buffer.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <string>

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

namespace {

namespace asio = boost::asio;
using State = TlsSession::State;

/// One connection that goes no further than its handshake.
class Trial {
 public:
  Trial(asio::io_context& io, const TlsContext& context) : socket_(io), session_(context) {}

  void start(const tcp::endpoint& server) {
    socket_.async_connect(server, [this](error_code error) {
      if (error) {
        problem_ = error.message();
        return;
      }
      session_.start();
      go_on();
    });
  }

  bool succeeded() const { return session_.state() == State::open; }
  const std::string& problem() const { return problem_; }

 private:
  void go_on() {
    if (session_.state() == State::open) session_.close();
    error_code ignored;  // the read that follows meets it too
    session_.sent(asio::write(socket_, asio::buffer(session_.outgoing()), ignored));
    if (session_.state() == State::failed) problem_ = session_.error();
    if (session_.state() != State::handshaking) return;
    socket_.async_read_some(asio::buffer(buffer_), [this](error_code error, std::size_t bytes) {
      session_.put({buffer_.data(), bytes});
      if (error) session_.put_eof();
      go_on();
    });
  }

  tcp::socket socket_;
  TlsSession session_;
  std::array<char, 16 * 1024> buffer_;
  std::string problem_ = "the handshake took longer than the time-out";
};

}  // namespace

Result<void> try_handshake(const TlsContext& context, const tcp::endpoint& server, std::chrono::nanoseconds patience,
                           const std::stop_token& stop) {
  asio::io_context io(1);
  Trial trial(io, context);
  trial.start(server);
  const std::stop_callback give_up(stop, [&io] { io.stop(); });
  io.run_for(patience);
  if (trial.succeeded()) return {};
  if (stop.stop_requested()) return Failure{fmt::format("interrupted while connecting to {}", fmt::streamed(server))};
  return Failure{fmt::format("no TLS connection to {}: {}", fmt::streamed(server), trial.problem())};
}

}  // namespace waitlab::client
