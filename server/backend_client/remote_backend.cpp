#include "server/backend_client/remote_backend.hpp"

#include "server/io/blocking_io.hpp"
#include "server/io/loop_io.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace waitlab::server {

namespace {

using std::chrono::milliseconds;

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

template <class Io>
RemoteBackend<Io>::RemoteBackend(const SocketAddress& address) : address_(address), authority_(address.to_string()) {}

template <class Io>
Task<BackendReply> RemoteBackend<Io>::call(Io& io, const BackendCall& call) {
  std::unique_ptr<Connection> connection = pool_.take();
  bool retried = false;
  for (bool pooled = connection != nullptr;; pooled = false) {
    if (!pooled) {
      auto connecting = io.connect(address_, call.deadline);
      typename Io::Connected connected = co_await connecting;
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
      if (connection->response.keep_alive()) pool_.put(std::move(connection));
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
template <class Io>
Task<typename RemoteBackend<Io>::Attempt> RemoteBackend<Io>::attempt(Io& io, Connection& connection) {
  connection.response.start(false);
  auto writing = io.write_all(*connection.socket, connection.request_text);
  const IoResult written = co_await writing;
  if (written.failed_with(std::errc::timed_out)) co_return Attempt::timed_out;
  if (written.error) co_return Attempt::stale;
  std::size_t unread = 0;
  bool answered = false;
  while (!connection.response.complete()) {
    const std::span<char> room = std::span<char>(connection.received).subspan(unread);
    if (room.empty()) co_return Attempt::broken;
    auto reading = io.read_some(*connection.socket, room);
    const IoResult read = co_await reading;
    if (read.failed_with(std::errc::timed_out)) co_return Attempt::timed_out;
    if (read.error || read.bytes == 0) co_return answered ? Attempt::broken : Attempt::stale;
    answered = true;
    unread += read.bytes;
    const std::size_t used = connection.response.put({connection.received.data(), unread});
    if (connection.response.failed()) co_return Attempt::broken;
    std::copy(connection.received.begin() + used, connection.received.begin() + unread, connection.received.begin());
    unread -= used;
  }
  co_return Attempt::answered;
}

template <class Io>
BackendReply RemoteBackend<Io>::reply_of(const Connection& connection) const {
  const unsigned status = connection.response.status();
  if (status == 200) return {};
  if (status == 504) return {BackendReply::Outcome::timed_out, "the backend could not start in time"};
  return {BackendReply::Outcome::failed, fmt::format("the backend answered {}", status)};
}

template <class Io>
BackendReply RemoteBackend<Io>::refused(const std::error_code& error) const {
  if (error == std::errc::timed_out) return {BackendReply::Outcome::timed_out, "connecting to the backend timed out"};
  for (const std::errc lack : {std::errc::too_many_files_open, std::errc::too_many_files_open_in_system,
                               std::errc::address_not_available, std::errc::no_buffer_space}) {
    if (error == lack)
      return {BackendReply::Outcome::no_resources, "no descriptor or port is free to call the backend"};
  }
  return {BackendReply::Outcome::refused, fmt::format("no backend at {}: {}", authority_, error.message())};
}

template class RemoteBackend<BlockingIo>;
template class RemoteBackend<LoopIo>;

}  // namespace waitlab::server
