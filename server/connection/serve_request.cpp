#include "server/connection/serve_request.hpp"

#include "common/http/target.hpp"
#include "server/connection/refusal.hpp"
#include "server/http/answer.hpp"
#include "server/io/blocking_io.hpp"
#include "server/io/loop_io.hpp"

#include <sys/socket.h>

#include <optional>

namespace waitlab::server {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t most_coalesced_bytes = 64 * 1024;
constexpr std::string_view continue_response = "HTTP/1.1 100 Continue\r\n\r\n";

/// How reading a request ended.
enum class Arrival { complete, malformed, late, blank, interrupted, closed, unwritable };

/// What is being waited for, each with its own deadline.
enum class Phase { idle, head, body };

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
Phase phase_of(const Connection<Io>& connection) {
  if (connection.http.parser.head_complete()) return Phase::body;
  return connection.http.parser.started() ? Phase::head : Phase::idle;
}

/// A deadline is set once for each phase, so that a peer that sends a byte now and then does not move it.
template <class Io>
void begin_phase(Connection<Io>& connection, const Service<Io>& service, Phase phase) {
  const auto now = Clock::now();
  if (phase == Phase::idle) connection.socket.expires_at(now + service.timeouts.keep_alive);
  if (phase == Phase::head) connection.socket.expires_at(now + service.timeouts.header);
  if (phase == Phase::body) connection.socket.expires_at(now + service.timeouts.request);
}

template <class Io>
bool wants_continue(const Connection<Io>& connection, const Service<Io>& service) {
  const HttpState& http = connection.http;
  return service.waits && http.parser.head_complete() && http.parser.request().expects_continue && http.in.empty() &&
         http.parser.request().body.empty();
}

template <class Io>
void note_received(Connection<Io>& connection, std::size_t bytes) {
  connection.http.readable_since = Clock::now();
  connection.http.in.received(bytes);
  connection.request.run();
}

/// Reads until the parser has a whole request. Answers gathered so far are sent before it waits.
template <class Io>
Task<Arrival> read_request(Io& io, Connection<Io>& connection, Service<Io>& service) {
  HttpState& http = connection.http;
  std::optional<Phase> phase;
  bool continued = false;
  bool received = !http.in.empty();
  for (;;) {
    if (!http.in.empty()) http.in.consume(http.parser.put(http.in.unread()));
    if (http.parser.error()) co_return Arrival::malformed;
    if (http.parser.complete()) co_return Arrival::complete;
    if (received && !http.parser.started()) co_return Arrival::blank;
    if (!continued && wants_continue(connection, service)) {
      http.out.append(continue_response);
      continued = true;
    }
    const bool sent = co_await flush(io, connection, service);
    if (!sent) co_return Arrival::unwritable;
    if (phase != phase_of(connection)) begin_phase(connection, service, *(phase = phase_of(connection)));
    auto reading = io.read_some(connection.socket, http.in.room());
    const IoResult read = co_await reading;
    if (read.failed_with(std::errc::timed_out)) co_return Arrival::late;
    if (read.failed_with(std::errc::operation_canceled) && !http.parser.started()) co_return Arrival::interrupted;
    if (read.error || read.bytes == 0) co_return Arrival::closed;
    note_received(connection, read.bytes);
    received = true;
  }
}

/// Closing with bytes unread would reset the connection and could take the answer with it (RFC 9112 section 9.6): stop
/// sending, and read what still comes for a moment.
template <class Io>
Task<void> linger(Io& io, Connection<Io>& connection, std::chrono::nanoseconds time) {
  const auto end = Clock::now() + time;
  ::shutdown(connection.socket.native_handle(), SHUT_WR);
  connection.socket.expires_at(end);
  do {
    auto reading = io.read_some(connection.socket, connection.http.in.room());
    const IoResult read = co_await reading;
    if (read.error || read.bytes == 0) co_return;
  } while (Clock::now() < end);
}

template <class Io>
void answer(Connection<Io>& connection, Service<Io>& service, const Exchange& exchange) {
  append_answer(connection.http.out, exchange, service.identity.date);
  service.telemetry.answer(exchange.response.status);
}

/// Where nothing is waited for, requests are turned away.
template <class Io>
void log_request(Service<Io>& service, const Exchange& exchange, Clock::time_point enqueued) {
  if (service.request_log == nullptr) return;
  RequestRow row{.request_id = exchange.request_id,
                 .route = target_path(exchange.request.target),
                 .enqueued = enqueued,
                 .started = {},
                 .ended = Clock::now(),
                 .backend = exchange.backend,
                 .status = exchange.response.status,
                 .strategy = service.telemetry.strategy};
  if (service.waits) row.started = enqueued + exchange.queued;
  if (!service.request_log->append(row)) service.telemetry.log_rows_lost.add();
}

/// Answers what could not be read as a request, and closes.
template <class Io>
Task<void> refuse(Io& io, Connection<Io>& connection, Service<Io>& service, unsigned status, std::string_view detail) {
  HttpState& http = connection.http;
  append_refusal(http.out, service.identity, status, detail, http.parser.request().field("X-Request-Id"));
  service.telemetry.answer(status);
  const bool sent = co_await flush(io, connection, service);
  if (sent) co_await linger(io, connection, service.timeouts.linger);
}

/// Sees to a turn that brought no whole request.
template <class Io>
Task<After> end_without_request(Io& io, Connection<Io>& connection, Service<Io>& service, Arrival arrival) {
  const bool started = connection.http.parser.started();
  connection.http.readable_since.reset();
  connection.request.end();
  if (arrival == Arrival::interrupted || arrival == Arrival::blank) co_return After::idle;
  if (arrival == Arrival::malformed) {
    const RequestError error = *connection.http.parser.error();
    co_await refuse(io, connection, service, error.status, error.detail);
  } else if (arrival == Arrival::late && started) {
    service.late.counter->add();
    co_await refuse(io, connection, service, service.late.status, service.late.detail);
  } else if (arrival == Arrival::late) {
    service.telemetry.endings[Ending::idle_timeout].add();
  } else if (arrival == Arrival::closed && started) {
    service.telemetry.endings[Ending::incomplete_request].add();
  }
  co_return After::close;
}

template <class Io>
bool is_draining(const Service<Io>& service) {
  return service.draining != nullptr && *service.draining;
}

/// Sends piece after piece until the client has gone, stops reading for too long, or the server is to stop.
template <class Io>
Task<void> send_stream(Io& io, Connection<Io>& connection, Service<Io>& service, BodyStream& stream) {
  while (!is_draining(service)) {
    const auto due = stream.next(connection.http.out);
    connection.socket.expires_at(Clock::now() + service.timeouts.request);
    const bool sent = co_await flush(io, connection, service);
    if (!sent) co_return;
    auto sleeping = io.sleep_until(due);
    co_await sleeping;
  }
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
  const auto readable = http.readable_since;
  const auto queued = readable ? Clock::now() - *readable : std::chrono::nanoseconds(0);
  const Arrival arrival = co_await read_request(io, connection, service);
  if (arrival != Arrival::complete) co_return co_await end_without_request(io, connection, service, arrival);

  const auto started = Clock::now();
  connection.request.run();
  const Request& request = http.parser.request();
  http.response.restart();
  service.identity.ids.assign(http.request_id, request.field("X-Request-Id"));
  Exchange exchange{request, http.response, http.request_id, started + service.timeouts.request, &connection.request};
  exchange.queued = queued;
  exchange.keep_alive = request.keep_alive && !is_draining(service);
  connection.socket.expires_at(exchange.deadline);

  Endpoint<Io>& endpoint = service.router.route(request);
  if (!endpoint.quick() && !http.out.empty()) {
    const bool sent = co_await flush(io, connection, service);
    if (!sent) co_return After::close;
  }
  co_await handle(io, endpoint, exchange);
  const auto handled = Clock::now();
  exchange.handler = handled - started - exchange.backend;
  if (exchange.stream) exchange.keep_alive = false;
  answer(connection, service, exchange);
  if (service.waits) service.telemetry.request_time.observe(handled - readable.value_or(started));
  service.telemetry.queue_time.observe(exchange.queued);

  http.in.skip_blank_lines();
  const bool more = !http.in.empty();
  if (!more) http.readable_since.reset();
  const bool gathers = more && service.coalesces && exchange.keep_alive && http.out.size() < most_coalesced_bytes;
  bool sent = true;
  if (!gathers) sent = co_await flush(io, connection, service);
  if (sent && exchange.stream) co_await send_stream(io, connection, service, *exchange.stream);
  log_request(service, exchange, readable.value_or(started));
  connection.request.end();
  http.end_request();
  if (!sent || !exchange.keep_alive) co_return After::close;
  co_return more ? After::again : After::idle;
}

template Task<After> serve_request(BlockingIo&, Connection<BlockingIo>&, Service<BlockingIo>&);
template Task<After> serve_request(LoopIo&, Connection<LoopIo>&, Service<LoopIo>&);

}  // namespace waitlab::server
