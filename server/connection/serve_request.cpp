#include "server/connection/serve_request.hpp"

#include "common/http/target.hpp"
#include "server/connection/read_request.hpp"
#include "server/http/answer.hpp"
#include "server/io/blocking_io.hpp"

#include <sys/socket.h>

#include <cstdint>
#include <optional>

namespace waitlab::server {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t most_gathered_bytes = 64 * 1024;
/// As much of a body is gathered without a thread; a larger one is read by the thread that serves the request.
constexpr std::size_t most_gathered_body = 64 * 1024;

/// What a request that does not come whole in time is answered and counted as.
struct Impatience {
  unsigned status;
  std::string_view detail;
  std::uint64_t& late;
};

Impatience with_408(const Service& service) {
  return {408, "the request did not arrive in time",
          service.telemetry.counts.here().endings[Ending::incomplete_request]};
}

/// Answers what will not be read any further.
Task<After> answer_last(Io& io, Connection& connection, const Service& service, RequestError error) {
  connection.request.run();
  append_last_answer(connection.http.out, service.site, error, connection.http.parser);
  count_answer(service.telemetry.counts.here(), error.status);
  const bool sent = co_await flush(io, connection, service);
  connection.request.end();
  co_return sent ? After::leave : After::close;
}

/// Sees to a turn that brought no whole request.
Task<After> end_without_request(Io& io, Connection& connection, const Service& service, Reading reading,
                                Impatience impatience) {
  if (reading == Reading::nothing) {
    connection.http.readable_since.reset();
    connection.request.end();
    co_return After::idle;
  }
  if (reading == Reading::malformed) {
    co_return co_await answer_last(io, connection, service, *connection.http.parser.error());
  }
  if (reading == Reading::unfinished) {
    count(impatience.late);
    co_return co_await answer_last(io, connection, service, {impatience.status, impatience.detail});
  }
  if (reading == Reading::closed && connection.http.parser.started()) {
    count(service.telemetry.counts.here().endings[Ending::incomplete_request]);
  }
  co_return After::close;
}

/// One that was rejected has no start.
void log_request(const Service& service, const Exchange& exchange, Clock::time_point enqueued, bool started) {
  RequestRows* const log = service.site.request_log;
  if (log == nullptr) return;
  RequestRow row{.request_id = exchange.request_id,
                 .route = target_path(exchange.request.target),
                 .enqueued = enqueued,
                 .started = {},
                 .ended = Clock::now(),
                 .backend = exchange.backend,
                 .status = exchange.response.status,
                 .served_by = service.logged_as};
  if (started) row.started = enqueued + exchange.queued;
  if (const std::uint64_t lost = log->append(row); lost > 0) count(service.telemetry.counts.here().log_rows_lost, lost);
}

Exchange begin_exchange(Connection& connection, const Service& service, Clock::time_point started) {
  HttpState& http = connection.http;
  const Request& request = http.parser.request();
  http.response.restart();
  service.site.shared->ids.assign(http.request_id, request.field("X-Request-Id"));
  Exchange exchange{request,
                    http.response,
                    http.request_id,
                    started - http.in_queue + service.timeouts.request,
                    &connection.request,
                    connection.socket.get()};
  exchange.keep_alive = request.keep_alive && http.parser.complete();  // else it may send its body or not
  connection.socket->expires_at(exchange.deadline);
  return exchange;
}

/// Whether the connection goes on is decided here and no earlier: the server may have been told to stop meanwhile.
void answer(Connection& connection, const Service& service, Exchange& exchange) {
  const bool to_head = exchange.request.method == "HEAD";
  if ((exchange.stream && !to_head) || service.site.shared->draining) exchange.keep_alive = false;
  append_answer(connection.http.out, exchange);
  if (to_head) exchange.stream.reset();
  count_answer(service.telemetry.counts.here(), exchange.response.status);
  count(service.telemetry.counts.here().queue_time, exchange.queued);
}

/// What comes after a request that has been answered. `sent`: whether the answer could be.
After end_request(Connection& connection, const Exchange& exchange, bool sent, bool more) {
  const bool has_body_left = !connection.http.parser.complete();
  connection.request.end();
  connection.http.end_request();
  if (!sent) return After::close;
  if (!exchange.keep_alive)
    return more || has_body_left || connection.socket->has_unread_bytes() ? After::leave : After::close;
  return more ? After::again : After::idle;
}

/// Whether bytes of the next request are there; blank lines are not. What is there has been since the bytes before it.
bool has_more(HttpState& http) {
  http.in.skip_blank_lines();
  if (http.in.empty()) http.readable_since.reset();
  return !http.in.empty();
}

/// Sends piece after piece until the client has gone, stops reading for too long, or the server is to stop.
Task<void> send_stream(Io& io, Connection& connection, const Service& service, BodyStream& stream) {
  bool listens = true;
  while (listens && !service.site.shared->draining) {
    const auto due = stream.next(connection.http.out);
    connection.socket->expires_at(Clock::now() + service.timeouts.request);
    listens = co_await flush(io, connection, service);
    if (!listens) co_return;
    auto sleeping = io.sleep_until(due, connection.socket.get());
    listens = co_await sleeping;
  }
}

Task<void> handle(Io& io, Endpoint& endpoint, Exchange& exchange) {
  bool threw = false;
  try {
    co_await endpoint.handle(io, exchange);
  } catch (const std::exception&) {
    threw = true;
  }
  if (threw) set_problem(exchange.response, 500, "the handler failed");
}

/// A request that ran out of time did so for want of a thread if most of it went by in the queue, not by the backend.
void blame_queue(Exchange& exchange, const HttpState& http, const Timeouts& timeouts) {
  if (exchange.response.status != 504 || 2 * http.in_queue < timeouts.request) return;
  set_problem(exchange.response, 503, "most of timeouts.request went by before a thread was free");
}

/// There is nobody left to answer: the client has reset the connection.
After give_up(const Service& service) {
  count(service.telemetry.counts.here().endings[Ending::client_reset]);
  return After::close;
}

/// How long a request of which bytes are there has been waiting for its turn.
std::chrono::nanoseconds queued_by_now(const HttpState& http) {
  return http.readable_since ? Clock::now() - *http.readable_since : std::chrono::nanoseconds(0);
}

}  // namespace

Task<Arrival> await_request(Io& io, Connection& connection, const Service& service) {
  HttpState& http = connection.http;
  connection.socket->expires_at(Clock::now() + service.timeouts.keep_alive);
  auto reading = io.read_some(*connection.socket, http.in);
  const IoResult read = co_await reading;
  if (read.failed_with(std::errc::operation_canceled)) co_return Arrival::interrupted;
  auto& endings = service.telemetry.counts.here().endings;
  if (read.failed_with(std::errc::timed_out)) count(endings[Ending::idle_timeout]);
  if (read.failed_with(std::errc::no_buffer_space)) count(endings[Ending::unwatched]);
  if (read.error || read.bytes == 0) co_return Arrival::ended;
  note_received(connection, true);
  co_return Arrival::begun;
}

Task<After> serve_request(Io& io, Connection& connection, const Service& service, Answers answers) {
  HttpState& http = connection.http;
  if (http.begun()) connection.request.run();
  const auto readable = http.readable_since;
  const auto queued = queued_by_now(http);
  const Reading reading = co_await read_request(io, connection, service, {});
  if (reading != Reading::complete) {
    co_return co_await end_without_request(io, connection, service, reading, with_408(service));
  }

  const auto started = Clock::now();
  connection.request.run();
  Exchange exchange = begin_exchange(connection, service, started);
  exchange.queued = queued;
  Endpoint& endpoint = service.router.route(exchange.request);
  if (!endpoint.quick()) {
    const bool sent = co_await flush(io, connection, service);
    if (!sent) co_return After::close;
    if (http.in_queue.count() > 0 && connection.socket->is_broken()) co_return give_up(service);
  }
  co_await handle(io, endpoint, exchange);
  // While it waited, its client was watched; the kernel is asked only where nobody did.
  const bool unwatched = !endpoint.quick() && exchange.backend.count() == 0;
  if (exchange.abandoned || (unwatched && connection.socket->is_broken())) co_return give_up(service);
  blame_queue(exchange, http, service.timeouts);
  const auto handled = Clock::now();
  exchange.handler = handled - started - exchange.backend - (exchange.queued - queued);
  answer(connection, service, exchange);
  count(service.telemetry.counts.here().request_time, handled - readable.value_or(started));

  const bool more = has_more(http);
  const bool gathers =
      answers == Answers::gathered && more && exchange.keep_alive && http.out.size() < most_gathered_bytes;
  bool sent = true;
  if (!gathers) sent = co_await flush(io, connection, service);
  if (sent && exchange.stream) co_await send_stream(io, connection, service, *exchange.stream);
  log_request(service, exchange, readable.value_or(started), true);
  co_return end_request(connection, exchange, sent, more);
}

After answer_now(Connection& connection, const Service& service, Rejection why, std::string_view detail) {
  ImpatientIo io;
  HttpState& http = connection.http;
  const auto started = Clock::now();
  const auto readable = http.readable_since.value_or(started);
  const auto queued = queued_by_now(http);
  std::uint64_t& rejected = service.telemetry.counts.here().rejected[why];
  const Reading reading = read_request(io, connection, service, {.invites = false}).get();
  if (reading != Reading::complete) {
    return end_without_request(io, connection, service, reading, {503, detail, rejected}).get();
  }
  count(rejected);
  Exchange exchange = begin_exchange(connection, service, started);
  exchange.queued = queued;
  set_problem(exchange.response, 503, detail);
  answer(connection, service, exchange);
  const bool more = has_more(http);
  const bool sent = flush(io, connection, service).get();
  log_request(service, exchange, readable, false);
  return end_request(connection, exchange, sent, more);
}

After gather(Connection& connection, const Service& service, Invite invite) {
  ImpatientIo io;
  const bool invites = invite == Invite::yes;
  const HttpState& http = connection.http;
  const ReadingRules rules{.invites = invites, .begins = invites, .keeps = true, .most_body = most_gathered_body};
  const Reading reading = read_request(io, connection, service, rules).get();
  if (reading == Reading::complete) return After::again;
  if (reading == Reading::unfinished) {
    const bool is_for_thread = http.parser.request().body.size() >= most_gathered_body || wants_continue(http);
    return is_for_thread ? After::again : After::part;
  }
  return end_without_request(io, connection, service, reading, with_408(service)).get();
}

After answer_late(Connection& connection, const Service& service) {
  ImpatientIo io;
  return end_without_request(io, connection, service, Reading::unfinished, with_408(service)).get();
}

Task<void> linger(Io& io, Connection& connection, const Service& service) {
  ::shutdown(connection.socket->native_handle(), SHUT_WR);
  const Timeouts& timeouts = service.timeouts;
  const auto begin = Clock::now();
  for (auto now = begin; now < begin + (service.site.shared->draining ? timeouts.linger : timeouts.request);
       now = Clock::now()) {
    connection.socket->expires_at(now + timeouts.linger);
    connection.http.in.clear();
    auto reading = io.read_some(*connection.socket, connection.http.in);
    const IoResult read = co_await reading;
    const bool goes_on = read.failed_with(std::errc::operation_canceled) || (!read.error && read.bytes > 0);
    if (!goes_on) co_return;
  }
}

Task<void> refuse(Io& io, Connection& connection, const Service& service) {
  HttpState& http = connection.http;
  http.expected = {Phase::head, Clock::now() + service.timeouts.refused};
  connection.socket->expires_at(http.expected->due);
  auto receiving = io.read_some(*connection.socket, http.in);
  const IoResult received = co_await receiving;
  if (!received.error && received.bytes == 0) co_return;
  if (received.bytes > 0) {
    const Reading reading = co_await read_request(io, connection, service, {.invites = false, .most_body = 0});
    if (reading == Reading::closed || reading == Reading::unwritable) co_return;
  }
  const After after = co_await answer_last(io, connection, service, no_room);
  if (after == After::leave) co_await linger(io, connection, service);
}

void append_last_answer(std::string& out, Site& site, RequestError error, RequestParser& parser) {
  parser.give_up();
  const Request& request = parser.request();
  Response response;
  set_problem(response, error.status, error.detail);
  std::string id;
  site.shared->ids.assign(id, request.field("X-Request-Id"));
  Exchange exchange{request, response, id, std::chrono::steady_clock::time_point::max()};
  exchange.keep_alive = false;
  append_answer(out, exchange);
}

}  // namespace waitlab::server
