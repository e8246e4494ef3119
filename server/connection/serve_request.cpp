#include "server/connection/serve_request.hpp"

#include "common/http/target.hpp"
#include "server/http/answer.hpp"
#include "server/io/blocking_io.hpp"

#include <sys/socket.h>

#include <optional>

namespace waitlab::server {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t most_gathered_bytes = 64 * 1024;
constexpr std::string_view continue_response = "HTTP/1.1 100 Continue\r\n\r\n";

/// How reading a request ended.
enum class Reading : std::uint8_t { complete, malformed, late, nothing, closed, unwritable };

/// What is being read, each with its own deadline.
enum class Phase : std::uint8_t { head, body };

Task<bool> flush(Io& io, Connection& connection, const Service& service) {
  if (connection.http.out.empty()) co_return true;
  auto writing = io.write_all(*connection.socket, connection.http.out);
  const IoResult written = co_await writing;
  connection.http.out.clear();
  if (written.error) count(service.telemetry.counts.here().endings[Ending::write_failed]);
  co_return !written.error;
}

/// A deadline is set once for each phase, so that a peer that sends a byte now and then does not move it.
void begin_phase(Connection& connection, const Service& service, Phase phase) {
  const Timeouts& timeouts = service.timeouts;
  connection.socket->expires_at(Clock::now() + (phase == Phase::head ? timeouts.header : timeouts.request));
}

void note_received(Connection& connection) {
  connection.http.readable_since = Clock::now();
  connection.request.run();
}

bool wants_continue(const HttpState& http) {
  return http.parser.head_complete() && http.parser.request().expects_continue && http.in.empty() &&
         http.parser.request().body.empty();
}

/// What the bytes received so far come to; nothing if the request goes on.
std::optional<Reading> parse_received(HttpState& http) {
  const bool received = !http.in.empty();
  if (received) http.in.consume(http.parser.put(http.in.unread()));
  if (http.parser.error()) return Reading::malformed;
  if (http.parser.complete()) return Reading::complete;
  if (received && !http.parser.started()) return Reading::nothing;  // blank lines
  return std::nullopt;
}

/// Takes the bytes that are there, without waiting; nothing if there are none.
Task<std::optional<Reading>> receive_first(Connection& connection) {
  ImpatientIo at_once;
  auto reading = at_once.read_some(*connection.socket, connection.http.in);
  const IoResult read = co_await reading;
  if (read.failed_with(std::errc::timed_out)) co_return Reading::nothing;
  if (read.error || read.bytes == 0) co_return Reading::closed;
  note_received(connection);
  co_return std::nullopt;
}

/// Reads until the parser has a whole request. Answers gathered so far are sent before it waits.
Task<Reading> read_request(Io& io, Connection& connection, const Service& service, bool continues) {
  HttpState& http = connection.http;
  if (http.in.empty() && !http.parser.started()) {
    if (const auto nothing = co_await receive_first(connection)) co_return *nothing;
  }
  std::optional<Phase> phase;
  for (;;) {
    if (const auto read = parse_received(http)) co_return *read;
    if (continues && wants_continue(http)) {
      http.out.append(continue_response);
      continues = false;
    }
    const bool sent = co_await flush(io, connection, service);
    if (!sent) co_return Reading::unwritable;
    const Phase current = http.parser.head_complete() ? Phase::body : Phase::head;
    if (phase != current) begin_phase(connection, service, *(phase = current));
    auto reading = io.read_some(*connection.socket, http.in);
    const IoResult read = co_await reading;
    if (read.failed_with(std::errc::timed_out)) co_return Reading::late;
    if (read.error || read.bytes == 0) co_return Reading::closed;
    note_received(connection);
  }
}

/// Closing with bytes unread would reset the connection and could take the answer with it (RFC 9112 section 9.6): stop
/// sending, and read what still comes for a moment.
Task<void> linger(Io& io, Connection& connection, std::chrono::nanoseconds time) {
  const auto end = Clock::now() + time;
  ::shutdown(connection.socket->native_handle(), SHUT_WR);
  connection.socket->expires_at(end);
  do {
    connection.http.in.clear();
    auto reading = io.read_some(*connection.socket, connection.http.in);
    const IoResult read = co_await reading;
    if (read.error || read.bytes == 0) co_return;
  } while (Clock::now() < end);
}

/// What a request that does not come whole in time is answered and counted as, and for how long a client is read from
/// after its last answer.
struct Impatience {
  unsigned status;
  std::string_view detail;
  std::uint64_t& late;
  std::chrono::nanoseconds linger;
};

/// Answers what will not be read any further, and closes.
Task<void> answer_and_close(Io& io, Connection& connection, const Service& service, RequestError error,
                            std::chrono::nanoseconds linger_time) {
  HttpState& http = connection.http;
  append_last_answer(http.out, service.site, error.status, error.detail, http.parser.request().field("X-Request-Id"));
  count_answer(service.telemetry.counts.here(), error.status);
  const bool sent = co_await flush(io, connection, service);
  if (sent) co_await linger(io, connection, linger_time);
}

/// Sees to a turn that brought no whole request.
Task<After> end_without_request(Io& io, Connection& connection, const Service& service, Reading reading,
                                Impatience impatience) {
  const bool started = connection.http.parser.started();
  connection.http.readable_since.reset();
  connection.request.end();
  if (reading == Reading::nothing) co_return After::idle;
  if (reading == Reading::malformed) {
    co_await answer_and_close(io, connection, service, *connection.http.parser.error(), impatience.linger);
  } else if (reading == Reading::late) {
    count(impatience.late);
    co_await answer_and_close(io, connection, service, {impatience.status, impatience.detail}, impatience.linger);
  } else if (reading == Reading::closed && started) {
    count(service.telemetry.counts.here().endings[Ending::incomplete_request]);
  }
  co_return After::close;
}

/// One that was rejected has no start.
void log_request(const Service& service, const Exchange& exchange, Clock::time_point enqueued, bool started) {
  RequestLog* const log = service.site.request_log.get();
  if (log == nullptr) return;
  RequestRow row{.request_id = exchange.request_id,
                 .route = target_path(exchange.request.target),
                 .enqueued = enqueued,
                 .started = {},
                 .ended = Clock::now(),
                 .backend = exchange.backend,
                 .status = exchange.response.status,
                 .strategy = service.telemetry.strategy};
  if (started) row.started = enqueued + exchange.queued;
  if (!log->append(row)) count(service.telemetry.counts.here().log_rows_lost);
}

Exchange begin_exchange(Connection& connection, const Service& service, Clock::time_point started) {
  HttpState& http = connection.http;
  const Request& request = http.parser.request();
  http.response.restart();
  service.site.ids.assign(http.request_id, request.field("X-Request-Id"));
  Exchange exchange{request,
                    http.response,
                    http.request_id,
                    started + service.timeouts.request,
                    &connection.request,
                    connection.socket.get()};
  exchange.keep_alive = request.keep_alive;
  connection.socket->expires_at(exchange.deadline);
  return exchange;
}

/// Whether the connection goes on is decided here and no earlier: the server may have been told to stop meanwhile.
void answer(Connection& connection, const Service& service, Exchange& exchange) {
  if (exchange.stream || service.site.draining) exchange.keep_alive = false;
  append_answer(connection.http.out, exchange);
  count_answer(service.telemetry.counts.here(), exchange.response.status);
  count(service.telemetry.counts.here().queue_time, exchange.queued);
}

/// What comes after a request that has been answered. `sent`: whether the answer could be.
After end_request(Connection& connection, const Exchange& exchange, bool sent, bool more) {
  connection.request.end();
  connection.http.end_request();
  if (!sent || !exchange.keep_alive) return After::close;
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
  while (listens && !service.site.draining) {
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
  const bool sent = co_await flush(io, connection, service);
  if (!sent) co_return Arrival::ended;
  connection.socket->expires_at(Clock::now() + service.timeouts.keep_alive);
  auto reading = io.read_some(*connection.socket, http.in);
  const IoResult read = co_await reading;
  if (read.failed_with(std::errc::operation_canceled)) co_return Arrival::interrupted;
  if (read.failed_with(std::errc::timed_out)) count(service.telemetry.counts.here().endings[Ending::idle_timeout]);
  if (read.error || read.bytes == 0) co_return Arrival::ended;
  note_received(connection);
  co_return Arrival::begun;
}

Task<After> serve_request(Io& io, Connection& connection, const Service& service, Answers answers) {
  HttpState& http = connection.http;
  const auto readable = http.readable_since;
  const auto queued = queued_by_now(http);
  const Reading reading = co_await read_request(io, connection, service, true);
  if (reading != Reading::complete) {
    const Impatience impatience{408, "the request did not arrive in time",
                                service.telemetry.counts.here().endings[Ending::incomplete_request],
                                service.timeouts.linger};
    co_return co_await end_without_request(io, connection, service, reading, impatience);
  }

  const auto started = Clock::now();
  connection.request.run();
  Exchange exchange = begin_exchange(connection, service, started);
  exchange.queued = queued;
  Endpoint& endpoint = service.router.route(exchange.request);
  if (!endpoint.quick()) {
    const bool sent = co_await flush(io, connection, service);
    if (!sent) co_return After::close;
    if (connection.socket->is_broken()) co_return give_up(service);
  }
  co_await handle(io, endpoint, exchange);
  if (exchange.abandoned) co_return give_up(service);
  const auto handled = Clock::now();
  exchange.handler = handled - started - exchange.backend;
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
  const Reading reading = read_request(io, connection, service, false).get();
  if (reading != Reading::complete) {
    return end_without_request(io, connection, service, reading, {503, detail, rejected, {}}).get();
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

void append_last_answer(std::string& out, Site& site, unsigned status, std::string_view detail,
                        std::string_view id_from_client) {
  const Request unread;
  Response response;
  set_problem(response, status, detail);
  std::string id;
  site.ids.assign(id, id_from_client);
  Exchange exchange{unread, response, id, std::chrono::steady_clock::time_point::max()};
  exchange.keep_alive = false;
  append_answer(out, exchange);
}

}  // namespace waitlab::server
