#include "server/backend_client/remote_backend.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace waitlab::server {

namespace {

using std::chrono::milliseconds;

/// The most of an answer that is kept for want of its next bytes: a line of its head.
constexpr std::size_t most_unread_bytes = 4096;

void write_request(std::string& out, const BackendCall& call, const std::string& authority) {
  const auto left = std::chrono::ceil<milliseconds>(call.deadline - std::chrono::steady_clock::now());
  out.clear();
  fmt::format_to(std::back_inserter(out), "GET /hold?route={}", call.route);
  if (call.delay) fmt::format_to(std::back_inserter(out), "&delay={}ns", call.delay->count());
  fmt::format_to(std::back_inserter(out),
                 " HTTP/1.1\r\nHost: {}\r\nX-Request-Id: {}\r\nX-Request-Timeout-Ms: {}\r\n\r\n", authority,
                 call.request_id, std::max<milliseconds::rep>(left.count(), 1));
}

}  // namespace

RemoteBackend::RemoteBackend(const SocketAddress& address) : address_(address), authority_(address.to_string()) {}

Task<BackendReply> RemoteBackend::call(Io& io, const BackendCall& call) {
  std::unique_ptr<Connection> connection = pool_.take();
  bool retried = false;
  for (bool pooled = connection != nullptr;; pooled = false) {
    if (!pooled) {
      auto connecting = io.connect(address_, call.deadline);
      Connect::Connected connected = co_await connecting;
      if (!connected.socket) co_return refused(connected.error);
      connection = std::make_unique<Connection>(std::move(connected.socket));
    }
    connection->socket->expires_at(call.deadline);
    write_request(connection->request_text, call, authority_);
    const Attempt attempted = co_await attempt(io, *connection);
    if (attempted == Attempt::stale && pooled) {
      retried = true;
      continue;
    }
    BackendReply reply;
    if (attempted == Attempt::answered) {
      reply = reply_of(*connection);
      // What came after the answer would be taken for the next one.
      if (connection->response.keep_alive() && connection->in.empty()) pool_.put(std::move(connection));
    } else if (attempted == Attempt::timed_out) {
      reply = {BackendReply::Outcome::timed_out, "the backend did not answer in time"};
    } else {
      reply = {BackendReply::Outcome::failed, "the backend closed the connection or sent a malformed response"};
    }
    reply.retried = retried;
    co_return reply;
  }
}

/// Sends the request and reads the response into the connection.
Task<RemoteBackend::Attempt> RemoteBackend::attempt(Io& io, Connection& connection) {
  connection.response.start(false);
  auto writing = io.write_all(*connection.socket, connection.request_text);
  const IoResult written = co_await writing;
  if (written.failed_with(std::errc::timed_out)) co_return Attempt::timed_out;
  if (written.error) co_return Attempt::stale;
  bool answered = false;
  while (!connection.response.complete()) {
    if (connection.in.unread().size() > most_unread_bytes) co_return Attempt::broken;
    auto reading = io.read_some(*connection.socket, connection.in, ReadSome::When::later);
    const IoResult read = co_await reading;
    if (read.failed_with(std::errc::timed_out)) co_return Attempt::timed_out;
    if (read.error || read.bytes == 0) co_return answered ? Attempt::broken : Attempt::stale;
    answered = true;
    connection.in.consume(connection.response.put(connection.in.unread()));
    if (connection.response.failed()) co_return Attempt::broken;
  }
  co_return Attempt::answered;
}

BackendReply RemoteBackend::reply_of(const Connection& connection) const {
  const unsigned status = connection.response.status();
  if (status == 200) return {};
  if (status == 504) return {BackendReply::Outcome::timed_out, "the backend could not start in time"};
  return {BackendReply::Outcome::failed, fmt::format("the backend answered {}", status)};
}

BackendReply RemoteBackend::refused(const std::error_code& error) const {
  if (error == std::errc::timed_out) return {BackendReply::Outcome::timed_out, "connecting to the backend timed out"};
  for (const std::errc lack : {std::errc::too_many_files_open, std::errc::too_many_files_open_in_system,
                               std::errc::address_not_available, std::errc::no_buffer_space}) {
    if (error == lack)
      return {BackendReply::Outcome::no_resources, "no descriptor or port is free to call the backend"};
  }
  return {BackendReply::Outcome::refused, fmt::format("no backend at {}: {}", authority_, error.message())};
}

}  // namespace waitlab::server
