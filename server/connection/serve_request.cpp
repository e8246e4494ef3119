#include "server/connection/serve_request.hpp"

#include "server/http/answer.hpp"
#include "server/io/blocking_io.hpp"
#include "server/io/loop_io.hpp"

#include <sys/socket.h>

namespace waitlab::server {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t most_coalesced_bytes = 64 * 1024;
constexpr std::string_view continue_response = "HTTP/1.1 100 Continue\r\n\r\n";

/// How reading a request ended.
enum class Arrival { complete, malformed, late, interrupted, closed };

template <class Io>
Task<bool> flush(Io& io, Connection<Io>& connection, Service<Io>& service) {
  if (connection.http.out.empty()) co_return true;
  auto writing = io.write_all(connection.socket, connection.http.out);
  const IoResult written = co_await writing;
  connection.http.out.clear();
  if (written.error) service.telemetry.endings[Ending::write_failed].add();
  co_return !written.error;
}

template <class Io>
void set_read_deadline(Connection<Io>& connection, const Service<Io>& service, bool was_idle) {
  const RequestParser& parser = connection.http.parser;
  if (!parser.started()) {
    connection.socket.expires_at(Clock::now() + service.timeouts.keep_alive);
  } else if (was_idle) {
    connection.socket.expires_at(Clock::now() + service.timeouts.header);
  } else if (parser.head_complete()) {
    connection.socket.expires_at(Clock::now() + service.timeouts.request);
  }
}

template <class Io>
bool wants_continue(const Connection<Io>& connection) {
  const HttpState& http = connection.http;
  return http.parser.head_complete() && http.parser.request().expects_continue && http.in.empty() &&
         http.parser.request().body.empty();
}

/// Reads until the parser has a whole request. Answers gathered so far are sent before it waits.
template <class Io>
Task<Arrival> read_request(Io& io, Connection<Io>& connection, Service<Io>& service) {
  HttpState& http = connection.http;
  bool was_idle = true;
  bool continued = false;
  for (;;) {
    if (!http.in.empty()) http.in.consume(http.parser.put(http.in.unread()));
    if (http.parser.error()) co_return Arrival::malformed;
    if (http.parser.complete()) co_return Arrival::complete;
    if (!continued && wants_continue(connection)) {
      http.out.append(continue_response);
      continued = true;
    }
    const bool sent = co_await flush(io, connection, service);
    if (!sent) co_return Arrival::closed;
    set_read_deadline(connection, service, was_idle);
    was_idle = !http.parser.started();
    auto reading = io.read_some(connection.socket, http.in.room());
    const IoResult read = co_await reading;
    if (read.failed_with(std::errc::timed_out)) co_return Arrival::late;
    if (read.failed_with(std::errc::operation_canceled) && !http.parser.started()) co_return Arrival::interrupted;
    if (read.error || read.bytes == 0) co_return Arrival::closed;
    if (!http.readable_since) http.readable_since = Clock::now();
    http.in.received(read.bytes);
  }
}

/// Closing with bytes unread would reset the connection and could take the answer with it (RFC 9112 section 9.6): stop
/// sending, and read what still comes for a moment.
template <class Io>
Task<void> linger(Io& io, Connection<Io>& connection, std::chrono::nanoseconds time) {
  ::shutdown(connection.socket.native_handle(), SHUT_WR);
  connection.socket.expires_at(Clock::now() + time);
  for (;;) {
    auto reading = io.read_some(connection.socket, connection.http.in.room());
    const IoResult read = co_await reading;
    if (read.error || read.bytes == 0) co_return;
  }
}

template <class Io>
void answer(Connection<Io>& connection, Service<Io>& service, const Exchange& exchange) {
  append_answer(connection.http.out, exchange, service.identity.date);
  service.telemetry.answer(exchange.response.status);
}

/// Answers what could not be read as a request, and closes.
template <class Io>
Task<void> refuse(Io& io, Connection<Io>& connection, Service<Io>& service, unsigned status, std::string_view detail) {
  HttpState& http = connection.http;
  static const Request unknown;
  http.response.restart();
  set_problem(http.response, status, detail);
  service.identity.ids.assign(http.request_id, {});
  Exchange exchange{unknown, http.response, http.request_id, Clock::time_point::max()};
  exchange.keep_alive = false;
  answer(connection, service, exchange);
  const bool sent = co_await flush(io, connection, service);
  if (sent) co_await linger(io, connection, service.timeouts.linger);
}

/// Ends a connection whose next request did not arrive whole.
template <class Io>
Task<After> end_without_request(Io& io, Connection<Io>& connection, Service<Io>& service, Arrival arrival) {
  const bool started = connection.http.parser.started();
  if (arrival == Arrival::interrupted) co_return After::idle;
  if (arrival == Arrival::malformed) {
    const RequestError error = *connection.http.parser.error();
    co_await refuse(io, connection, service, error.status, error.detail);
  } else if (arrival == Arrival::late && started) {
    service.telemetry.endings[Ending::incomplete_request].add();
    co_await refuse(io, connection, service, service.late_status, "the request did not arrive in time");
  } else if (arrival == Arrival::late) {
    service.telemetry.endings[Ending::idle_timeout].add();
  } else if (started) {
    service.telemetry.endings[Ending::incomplete_request].add();
  }
  co_return After::close;
}

template <class Io>
Task<void> handle(Io& io, Endpoint<Io>& endpoint, Exchange& exchange) {
  bool threw = false;
  try {
    co_await endpoint.handle(io, exchange);
  } catch (const std::exception&) {
    threw = true;
  }
  if (threw) set_problem(exchange.response, 500, "the handler failed");
}

}  // namespace

template <class Io>
Task<After> serve_request(Io& io, Connection<Io>& connection, Service<Io>& service) {
  HttpState& http = connection.http;
  http.parser.start();
  const auto turn_started = Clock::now();
  const bool was_readable = http.readable_since.has_value();
  const Arrival arrival = co_await read_request(io, connection, service);
  if (arrival != Arrival::complete) co_return co_await end_without_request(io, connection, service, arrival);

  const auto readable = *http.readable_since;
  const auto started = was_readable ? turn_started : readable;
  if (!connection.in_flight) connection.in_flight = Counted(service.telemetry.in_flight);
  const Request& request = http.parser.request();
  http.response.restart();
  service.identity.ids.assign(http.request_id, request.field("X-Request-Id"));
  Exchange exchange{request, http.response, http.request_id, started + service.timeouts.request};
  exchange.queued = started - readable;
  exchange.keep_alive = request.keep_alive && !(service.draining != nullptr && *service.draining);
  connection.socket.expires_at(exchange.deadline);

  Endpoint<Io>& endpoint = service.router.route(request);
  if (!endpoint.quick() && !http.out.empty()) {
    const bool sent = co_await flush(io, connection, service);
    if (!sent) co_return After::close;
  }
  co_await handle(io, endpoint, exchange);
  const auto handled = Clock::now();
  exchange.handler = handled - started - exchange.backend;
  answer(connection, service, exchange);
  service.telemetry.request_time.observe(handled - readable);
  service.telemetry.queue_time.observe(exchange.queued);

  const bool more = !http.in.empty();
  if (!more) http.readable_since.reset();
  const bool gathers = more && service.coalesces && exchange.keep_alive && http.out.size() < most_coalesced_bytes;
  bool sent = true;
  if (!gathers) sent = co_await flush(io, connection, service);
  connection.in_flight.reset();
  if (!sent || !exchange.keep_alive) co_return After::close;
  co_return more ? After::again : After::idle;
}

template Task<After> serve_request(BlockingIo&, Connection<BlockingIo>&, Service<BlockingIo>&);
template Task<After> serve_request(LoopIo&, Connection<LoopIo>&, Service<LoopIo>&);

}  // namespace waitlab::server
