#include "server/runtime/serve_connection.hpp"

#include "server/connection/read_request.hpp"

namespace waitlab::server {

namespace {

/// Sends what has been gathered and waits for the next request. `idle` if it was interrupted, or is not to wait.
Task<After> await_next(Io& io, Io& idle_io, Connection& connection, const Service& service, const Drain& drain) {
  const bool sent = co_await flush(io, connection, service);
  if (!sent) co_return After::close;
  if (!drain.keeps(connection)) co_return After::idle;
  const Arrival arrival = co_await await_request(idle_io, connection, service);
  if (arrival == Arrival::interrupted) co_return After::idle;
  co_return arrival == Arrival::begun ? After::again : After::close;
}

}  // namespace

Task<void> serve_connection(Io& io, Io& idle_io, Connection& connection, const Service& service, const Drain& drain,
                            Answers answers) {
  After after = connection.http.begun() ? After::again : After::idle;
  while ((after == After::again || after == After::idle) && drain.keeps(connection)) {
    if (after == After::idle) {
      after = co_await await_next(io, idle_io, connection, service, drain);
      if (after != After::again) continue;
    }
    after = co_await serve_request(io, connection, service, answers);
  }
  if (after == After::leave) co_await linger(io, connection, service);
  if (after == After::again) {
    const bool sent = co_await flush(io, connection, service);
    after = sent ? After::idle : After::close;
  }
  if (after == After::idle) drain.hand_over(connection);
}

}  // namespace waitlab::server
