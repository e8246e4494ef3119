#include "client/engine/first_contact.hpp"

#include "client/engine/tls_session.hpp"
#include "common/net/socket_address.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <array>
#include <cstring>
#include <iterator>
#include <memory>
#include <string>
#include <utility>

namespace waitlab::client {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using State = TlsSession::State;
using Endpoints = std::vector<tcp::endpoint>;

tcp::endpoint endpoint_of(const SocketAddress& address) {
  tcp::endpoint endpoint;
  endpoint.resize(address.length);
  std::memcpy(endpoint.data(), address.data(), address.length);
  return endpoint;
}

Result<Endpoints> addresses_of(const Target& target) {
  const auto addresses = resolve_all(target.host, *parse_port(target.port));
  if (!addresses) return Failure{addresses.error().message + "; check the spelling"};
  Endpoints endpoints;
  std::ranges::transform(*addresses, std::back_inserter(endpoints), endpoint_of);
  return endpoints;
}

/// One connection, up to where it could carry a request.
class Contact {
 public:
  Contact(const TlsContext* tls, std::chrono::nanoseconds patience, const std::stop_token& stop)
      : patience_(patience), give_up_(stop, StopLoop{io_}) {
    if (tls) session_ = std::make_unique<TlsSession>(*tls);
  }

  error_code connect(const tcp::endpoint& server) {
    error_code outcome = asio::error::timed_out;
    begun_ = Clock::now();
    socket_.async_connect(server, [&outcome](error_code error) { outcome = error; });
    wait();
    return outcome;
  }

  /// What is wrong; empty if nothing is.
  std::string shake_hands() {
    if (!session_) return {};
    session_->start();
    go_on();
    wait();
    return session_->state() == State::open ? "" : problem_;
  }

  OpenConnection release() {
    error_code ignored;
    socket_.set_option(tcp::no_delay(true), ignored);
    const tcp protocol = socket_.remote_endpoint(ignored).protocol();
    return {.protocol = protocol,
            .socket = FileDescriptor(socket_.release()),
            .tls = std::move(session_),
            .took = Clock::now() - begun_,
            .bytes_in = bytes_in_,
            .bytes_out = bytes_out_};
  }

 private:
  struct StopLoop {
    asio::io_context& io;
    void operator()() const { io.stop(); }
  };

  /// Until nothing more is under way. A stop that comes later finds the loop ready to be stopped again.
  void wait() {
    io_.run_for(patience_);
    io_.restart();
  }

  void go_on() {
    error_code ignored;  // the read that follows meets it too
    const std::size_t sent = asio::write(socket_, asio::buffer(session_->outgoing()), ignored);
    session_->sent(sent);
    bytes_out_ += sent;
    if (session_->state() == State::failed) problem_ = session_->error();
    if (session_->state() != State::handshaking) return;
    socket_.async_read_some(asio::buffer(buffer_), [this](error_code error, std::size_t bytes) {
      bytes_in_ += bytes;
      session_->put({buffer_.data(), bytes});
      if (error) session_->put_eof();
      go_on();
    });
  }

  asio::io_context io_{1};
  tcp::socket socket_{io_};
  std::unique_ptr<TlsSession> session_;
  std::chrono::nanoseconds patience_;
  std::stop_callback<StopLoop> give_up_;
  Clock::time_point begun_;
  std::uint64_t bytes_in_ = 0;
  std::uint64_t bytes_out_ = 0;
  std::array<char, 16 * 1024> buffer_;
  std::string problem_ = "the handshake took longer than the time-out";
};

/// Why an address is not the one to load, and what to do.
struct Refusal {
  std::string what;
  std::string remedy;
};

Refusal not_accepting(const tcp::endpoint& address, error_code error) {
  const char* remedy = error == asio::error::connection_refused ? "is the server running, and is the port right?"
                                                                : "check the address, the route and any firewall";
  return {fmt::format("cannot connect to {}: {}", fmt::streamed(address), error.message()), remedy};
}

Refusal not_trusted(const tcp::endpoint& address, const std::string& problem) {
  return {fmt::format("no TLS connection to {}: {}", fmt::streamed(address), problem), ""};
}

/// All of the addresses, each with what it said; what to do follows from the first.
Failure none_of(const std::vector<Refusal>& refusals) {
  std::string text;
  for (const Refusal& refusal : refusals)
    text.append(text.empty() ? "" : "; ").append(refusal.what);
  const std::string& remedy = refusals.front().remedy;
  return {remedy.empty() ? text : text + "; " + remedy};
}

Failure interrupted(const tcp::endpoint& address) {
  return {fmt::format("interrupted while connecting to {}", fmt::streamed(address))};
}

}  // namespace

Result<FirstContact> meet_server(const Target& target, const TlsContext* tls, std::chrono::nanoseconds patience,
                                 const std::stop_token& stop) {
  auto servers = addresses_of(target);
  return servers ? meet_one_of(std::move(*servers), tls, patience, stop) : servers.error();
}

Result<FirstContact> meet_one_of(std::vector<tcp::endpoint> servers, const TlsContext* tls,
                                 std::chrono::nanoseconds patience, const std::stop_token& stop) {
  std::vector<Refusal> refusals;
  for (auto server = servers.begin(); server != servers.end(); ++server) {
    Contact contact(tls, patience, stop);
    const error_code error = contact.connect(*server);
    const std::string problem = error ? "" : contact.shake_hands();
    if (stop.stop_requested()) return interrupted(*server);
    if (!error && problem.empty()) {
      std::rotate(servers.begin(), server, servers.end());
      return FirstContact{.servers = std::move(servers), .connection = contact.release()};
    }
    refusals.push_back(error ? not_accepting(*server, error) : not_trusted(*server, problem));
  }
  return none_of(refusals);
}

}  // namespace waitlab::client
