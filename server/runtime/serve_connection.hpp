#pragma once

#include "server/connection/serve_request.hpp"
#include "server/runtime/drain.hpp"

namespace waitlab::server {

/// A connection's whole life on the worker that has it: request after request from where it stands, until it is over or
/// no longer stays. One that leaves between two requests is given to the successor, if there is one; what is left of it
/// then is to be destroyed. Between two requests it waits through `idle_io`, for which an interruption is to say that
/// the drain has begun, and everywhere else through `io`.
Task<void> serve_connection(Io& io, Io& idle_io, Connection& connection, const Service& service, const Drain& drain,
                            Answers answers);

}  // namespace waitlab::server
