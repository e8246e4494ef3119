#pragma once

#include "server/connection/connection.hpp"
#include "server/io/task.hpp"
#include "server/site/site.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace waitlab::server {

/// How the wait for a connection's next request ended.
enum class Arrival : std::uint8_t {
  begun,        ///< its first bytes have been received
  interrupted,  ///< the socket was interrupted: it may go on waiting
  ended,  ///< the peer closed, or was idle for longer than it may be, or the answers could not be sent, which has been
          ///< counted
};

/// What a connection is to do after a turn.
enum class After : std::uint8_t {
  idle,   ///< nothing has come of a next request: wait for it
  again,  ///< bytes of a next request are there
  close,  ///< it is over; the peer has been told all it will be
};

/// Whether the answer to a request goes out when it is made, or may wait for that of the next request if that is there
/// already, so that both go out together: for callers that serve the next one themselves, and at once.
enum class Answers : std::uint8_t { sent, gathered };

/// Waits for the next request of a connection that is idle, once the answers gathered so far are sent. The only wait
/// that may be interrupted.
Task<Arrival> await_request(Io& io, Connection& connection, const Service& service);

/// The connection loop's body, the only one there is: reads a request of which bytes are there, has it handled, and
/// answers it. Waits inside for the rest of it. Ends in `close` on errors, which are answered where HTTP allows and
/// counted, and in `idle` if there was nothing to be read after all.
Task<After> serve_request(Io& io, Connection& connection, const Service& service, Answers answers);

/// Answers a request of which bytes are there 503, without waiting for anything, and counts why. `detail` says it to
/// the client.
After answer_now(Connection& connection, const Service& service, Rejection why, std::string_view detail);

/// Appends the answer to a client whose request will not be read any further: a problem document that closes the
/// connection, with the fields every answer carries. `id_from_client` may be empty. Thread-safe.
void append_last_answer(std::string& out, Site& site, unsigned status, std::string_view detail,
                        std::string_view id_from_client);

}  // namespace waitlab::server
