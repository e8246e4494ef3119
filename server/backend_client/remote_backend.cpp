#include "server/backend_client/remote_backend.hpp"

#include "common/http/response_writer.hpp"
#include "common/http/target.hpp"
#include "common/net/share_of_time.hpp"
#include "server/counts/thread_track.hpp"

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
  if (!call.profile.empty()) append_escaped(out.append("&profile="), call.profile);
  fmt::format_to(std::back_inserter(out),
                 " HTTP/1.1\r\nHost: {}\r\nX-Request-Id: {}\r\nX-Request-Timeout-Ms: {}\r\n\r\n", authority,
                 call.request_id, std::max<milliseconds::rep>(left.count(), 1));
}

/// Of a connection that could not be made: whether the backend is to blame, and not this machine, the client, or a call
/// that had hardly any time left.
bool is_out_of_reach(BackendOutcome outcome, milliseconds patience) {
  constexpr milliseconds enough{1'000};
  return outcome == BackendOutcome::refused || (outcome == BackendOutcome::timed_out && patience >= enough);
}

/// It lists the names that there are.
std::string unknown_profile_detail(std::string_view body) {
  std::string detail = problem_detail(body);
  return detail.empty() ? "the backend answered 400" : detail;
}

}  // namespace

std::unique_ptr<BackendConnection> ConnectionPool::take() {
  std::unique_ptr<BackendConnection> connection = take_last();
  while (connection && !connection->socket->is_quiet())
    connection = take_last();
  return connection;
}

std::unique_ptr<BackendConnection> ConnectionPool::take_last() {
  const auto lock = lock_visibly(mutex_);
  if (idle_.empty()) return nullptr;
  std::unique_ptr<BackendConnection> connection = std::move(idle_.back());
  idle_.pop_back();
  return connection;
}

void ConnectionPool::put(std::unique_ptr<BackendConnection> connection) {
  const auto lock = lock_visibly(mutex_);
  idle_.push_back(std::move(connection));
}

void ConnectionPool::sweep() {
  const auto lock = lock_visibly(mutex_);
  std::erase_if(idle_, [](const auto& connection) { return !connection->socket->is_quiet(); });
}

RemoteBackend::RemoteBackend(BackendPlace place, std::atomic<Reach>& reach) : place_(std::move(place)), reach_(reach) {}

Task<BackendReply> RemoteBackend::call(Io& io, const BackendCall& call) {
  std::unique_ptr<Connection> connection = pool_.take();
  bool retried = false;
  for (bool pooled = connection != nullptr;; pooled = false) {
    if (!pooled) {
      const auto patience = std::chrono::floor<milliseconds>(call.deadline - std::chrono::steady_clock::now());
      Connect::Connected connected = co_await connect(io, call);
      if (!connected.socket) {
        BackendReply reply = refused(connected.error);
        if (is_out_of_reach(reply.outcome, patience)) note(Reach::down);
        co_return reply;
      }
      connection = std::make_unique<Connection>(std::move(connected.socket));
    }
    connection->socket->expires_at(call.deadline);
    connection->socket->on_behalf_of(call.client);
    connection->response.keep_body(!call.profile.empty());
    write_request(connection->request_text, call, place_.authority);
    const Attempt attempted = co_await attempt(io, *connection);
    if (attempted == Attempt::stale && pooled) {
      retried = true;
      continue;
    }
    if (attempted == Attempt::answered) note(Reach::up);
    if (attempted == Attempt::stale || attempted == Attempt::broken) note(Reach::down);
    BackendReply reply = reply_to(attempted, *connection, call);
    reply.retried = retried;
    // What came after the answer would be taken for the next one.
    if (attempted == Attempt::answered && connection->response.keep_alive() && connection->in.empty()) {
      connection->socket->on_behalf_of(nullptr);
      pool_.put(std::move(connection));
    }
    co_return reply;
  }
}

/// Nearly always as before, and then only read: all threads that serve come here.
void RemoteBackend::note(Reach reach) const noexcept {
  if (reach_.load(std::memory_order_relaxed) != reach) reach_.store(reach, std::memory_order_relaxed);
}

/// Each address but the last has an even share of the time that is left, so that one that does not answer leaves some
/// to the others.
Task<Connect::Connected> RemoteBackend::connect(Io& io, const BackendCall& call) {
  const std::size_t count = place_.addresses.size();
  const std::size_t first = last_good_.load(std::memory_order_relaxed);
  Connect::Connected connected;
  for (std::size_t tried = 0; tried < count; ++tried) {
    const std::size_t index = (first + tried) % count;
    const auto end = share_of_time(std::chrono::steady_clock::now(), call.deadline, count - tried);
    auto connecting = io.connect(place_.addresses[index], end, call.client);
    connected = co_await connecting;
    if (connected.socket) last_good_.store(index, std::memory_order_relaxed);
    if (connected.socket || connected.error == std::errc::connection_aborted) break;
  }
  co_return connected;
}

/// Sends the request and reads the response into the connection.
Task<RemoteBackend::Attempt> RemoteBackend::attempt(Io& io, Connection& connection) {
  connection.response.start(false);
  auto writing = io.write_all(*connection.socket, connection.request_text);
  const IoResult written = co_await writing;
  if (written.error) co_return ended(written.error).value_or(Attempt::stale);
  bool answered = false;
  while (!connection.response.complete()) {
    auto reading = io.read_some(*connection.socket, connection.in, ReadSome::When::later);
    const IoResult read = co_await reading;
    if (answered && !read.error && read.bytes == 0) {
      connection.response.put_eof();  // which is how a response ends that tells no length
      co_return connection.response.complete() ? Attempt::answered : Attempt::broken;
    }
    const Attempt closed = answered ? Attempt::broken : Attempt::stale;
    if (read.error || read.bytes == 0) co_return ended(read.error).value_or(closed);
    answered = true;
    connection.in.consume(connection.response.put(connection.in.unread()));
    if (connection.response.failed()) co_return Attempt::broken;
  }
  co_return Attempt::answered;
}

/// What the server itself ended; nothing if the backend did.
std::optional<RemoteBackend::Attempt> RemoteBackend::ended(const std::error_code& error) {
  if (error == std::errc::timed_out) return Attempt::timed_out;
  if (error == std::errc::connection_aborted) return Attempt::abandoned;
  return std::nullopt;
}

BackendReply RemoteBackend::reply_to(Attempt attempt, const Connection& connection, const BackendCall& call) const {
  using Outcome = BackendReply::Outcome;
  if (attempt == Attempt::timed_out) return {Outcome::timed_out, "the backend did not answer in time"};
  if (attempt == Attempt::abandoned) return {Outcome::abandoned, "the client has gone"};
  if (connection.response.failed()) {
    return {Outcome::failed, "the backend sent a malformed response: " + connection.response.error()};
  }
  if (attempt != Attempt::answered)
    return {Outcome::failed, "the backend closed the connection before it had answered"};
  const unsigned status = connection.response.status();
  if (status == 200) return {};
  // Nothing else in a call of ours is for the backend to find fault with.
  if (status == 400 && !call.profile.empty())
    return {Outcome::unknown_profile, unknown_profile_detail(connection.response.body())};
  if (status == 504) return {BackendReply::Outcome::timed_out, "the backend could not start in time"};
  return {BackendReply::Outcome::failed, fmt::format("the backend answered {}", status)};
}

BackendReply RemoteBackend::refused(const std::error_code& error) const {
  if (error == std::errc::timed_out) return {BackendReply::Outcome::timed_out, "connecting to the backend timed out"};
  if (error == std::errc::connection_aborted) return {BackendReply::Outcome::abandoned, "the client has gone"};
  for (const std::errc lack : {std::errc::too_many_files_open, std::errc::too_many_files_open_in_system,
                               std::errc::address_not_available, std::errc::no_buffer_space}) {
    if (error == lack)
      return {BackendReply::Outcome::no_resources, "no descriptor or port is free to call the backend"};
  }
  return {BackendReply::Outcome::refused, fmt::format("no backend at {}: {}", place_.authority, error.message())};
}

}  // namespace waitlab::server
