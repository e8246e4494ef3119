#pragma once

#include "server/connection/connection.hpp"
#include "server/connection/service.hpp"
#include "server/io/task.hpp"

namespace waitlab::server {

/// What a connection is to do after a turn.
enum class After {
  idle,   ///< nothing has come of a next request: wait for the socket
  again,  ///< bytes of a next request are there
  close,  ///< it is over; the peer has been told all it will be
};

/// The connection loop's body, the only one there is: reads one request, has it handled, and answers it. Waits inside
/// for the request's bytes if they are not there yet. Ends in `close` on errors, which are answered where HTTP allows
/// and counted. An interrupted wait for a request that has not begun ends in `idle`.
template <class Io>
Task<After> serve_request(Io& io, Connection<Io>& connection, Service<Io>& service);

}  // namespace waitlab::server
