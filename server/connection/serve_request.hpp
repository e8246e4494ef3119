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
  ended,        ///< the peer closed, or was idle for longer than it may be, which has been counted
};

/// What a connection is to do after a turn.
enum class After : std::uint8_t {
  idle,   ///< nothing has come of a next request: wait for it
  part,   ///< a part of a request is there: wait for the rest, until HttpState::expected says
  again,  ///< bytes of a next request are there; once it was gathered, all of them, or what is better left to a thread
  leave,  ///< it is over, but the peer may still be sending: `linger`, or it may never read the answer
  close,  ///< it is over; the peer has been told all it will be
};

/// Whether a client that waits to be asked for its body is asked.
enum class Invite : bool { no, yes };

/// Whether the answer to a request goes out when it is made, or may wait for that of the next request if that is there
/// already, so that both go out together: for callers that serve the next one themselves, and at once.
enum class Answers : std::uint8_t { sent, gathered };

/// Waits for the next request of a connection that is idle; the answers gathered so far have been sent. The only wait
/// that an interruption ends.
Task<Arrival> await_request(Io& io, Connection& connection, const Service& service);

/// The connection loop's body, the only one there is: reads a request of which bytes are there, has it handled, and
/// answers it. Waits inside for the rest of it. Ends in `close` on errors, which are answered where HTTP allows and
/// counted, and in `idle` if there was nothing to be read after all. Never in `part`.
Task<After> serve_request(Io& io, Connection& connection, const Service& service, Answers answers);

/// Answers a request of which bytes are there 503, without waiting for anything, and counts why. `detail` says it to
/// the client.
After answer_now(Connection& connection, const Service& service, Rejection why, std::string_view detail);

/// Reads what is there of a request, without waiting for anything, so that a slow sender holds no thread: of a body up
/// to 64 KiB. What can't become a request is answered. With Invite::no one whose client waits to be asked for its body
/// is ready for a thread as it is.
After gather(Connection& connection, const Service& service, Invite invite);

/// Answers a request of which a part is there and the rest came too late, without waiting for anything.
After answer_late(Connection& connection, const Service& service);

/// Stops sending, and reads what still comes, until nothing has for `timeouts.linger`: to close with bytes unread would
/// reset the connection and could take the last answer with it (RFC 9112 section 9.6). Ends after `timeouts.request`;
/// if the server is to stop, after `timeouts.linger`.
Task<void> linger(Io& io, Connection& connection, const Service& service);

/// What a connection is told that may not be served.
inline constexpr RequestError no_room{503, "the server has no room for another connection"};

/// Tells a connection so, as its first request asks if that comes in a moment, and lingers.
Task<void> refuse(Io& io, Connection& connection, const Service& service);

/// Appends the answer to a client whose request will not be read any further: a problem document that closes the
/// connection, with the fields every answer carries. As far as the request is known it is answered as it asks: its id,
/// its version, and HEAD. Thread-safe.
void append_last_answer(std::string& out, Site& site, RequestError error, RequestParser& parser);

}  // namespace waitlab::server
