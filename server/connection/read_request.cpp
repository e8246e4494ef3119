#include "server/connection/read_request.hpp"

#include "server/io/blocking_io.hpp"

#include <chrono>
#include <optional>
#include <string_view>

namespace waitlab::server {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::string_view continue_response = "HTTP/1.1 100 Continue\r\n\r\n";

/// A deadline is set once for each phase, so that a peer that sends a byte now and then does not move it.
void set_deadline(Connection& connection, const Timeouts& timeouts) {
  HttpState& http = connection.http;
  const Phase phase = http.parser.head_complete() ? Phase::body : Phase::head;
  if (!http.expected || http.expected->phase != phase) {
    http.expected = {phase, Clock::now() + (phase == Phase::head ? timeouts.header : timeouts.request)};
  }
  connection.socket->expires_at(http.expected->due);
}

/// What the bytes received so far come to; nothing if the request goes on.
std::optional<Reading> parse_received(HttpState& http, bool keeps) {
  const bool received = !http.in.empty();
  if (received) {
    const std::size_t used = http.parser.put(http.in.unread());
    if (keeps) http.taken.append(http.in.unread().substr(0, used));
    http.in.consume(used);
  }
  if (http.parser.error()) return Reading::malformed;
  if (http.parser.complete()) return Reading::complete;
  if (received && !http.parser.started()) return Reading::nothing;  // blank lines
  return std::nullopt;
}

/// Takes the bytes that are there, without waiting; nothing if there are none.
Task<std::optional<Reading>> receive_first(Connection& connection, bool begins) {
  ImpatientIo at_once;
  auto reading = at_once.read_some(*connection.socket, connection.http.in);
  const IoResult read = co_await reading;
  if (read.failed_with(std::errc::timed_out)) co_return Reading::nothing;
  if (read.error || read.bytes == 0) co_return Reading::closed;
  note_received(connection, begins);
  co_return std::nullopt;
}

/// Its answer follows from the head: the client is told that instead of being asked for a body (RFC 9110
/// section 10.1.1).
bool needs_no_body(const HttpState& http, const Service& service) {
  return wants_continue(http) && !service.router.route(http.parser.request()).reads_body();
}

bool has_enough(const HttpState& http, const ReadingRules& rules) {
  return http.parser.head_complete() && http.parser.request().body.size() >= rules.most_body;
}

/// Asks the client once for its body, if it waits for that.
void invite(HttpState& http) {
  if (!wants_continue(http)) return;
  http.out.append(continue_response);
  http.invited = true;
}

}  // namespace

Task<bool> flush(Io& io, Connection& connection, const Service& service) {
  std::string_view rest = connection.http.out;
  bool failed = false;
  while (!rest.empty() && !failed) {
    auto writing = io.write_all(*connection.socket, rest);
    const IoResult written = co_await writing;
    rest.remove_prefix(written.bytes);
    // Only the wait for a next request may be interrupted.
    failed = written.error && !written.failed_with(std::errc::operation_canceled);
  }
  connection.http.out.clear();
  if (failed) count(service.telemetry.counts.here().endings[Ending::write_failed]);
  co_return !failed;
}

void note_received(Connection& connection, bool begins) {
  connection.http.readable_since = Clock::now();
  if (begins) connection.request.run();
}

bool wants_continue(const HttpState& http) {
  return http.parser.expects_continue() && !http.invited && http.in.empty();
}

Task<Reading> read_request(Io& io, Connection& connection, const Service& service, ReadingRules rules) {
  HttpState& http = connection.http;
  if (!http.begun()) {
    if (const auto nothing = co_await receive_first(connection, rules.begins)) co_return *nothing;
  }
  for (;;) {
    if (const auto read = parse_received(http, rules.keeps)) co_return *read;
    if (needs_no_body(http, service)) co_return Reading::complete;
    if (has_enough(http, rules)) co_return Reading::unfinished;
    if (rules.invites) invite(http);
    const bool sent = co_await flush(io, connection, service);
    if (!sent) co_return Reading::unwritable;
    set_deadline(connection, service.timeouts);
    auto reading = io.read_some(*connection.socket, http.in);
    const IoResult read = co_await reading;
    if (read.failed_with(std::errc::timed_out)) co_return Reading::unfinished;
    if (read.error || read.bytes == 0) co_return Reading::closed;
    note_received(connection, rules.begins);
  }
}

}  // namespace waitlab::server
