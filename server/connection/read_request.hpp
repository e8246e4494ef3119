#pragma once

#include "server/connection/connection.hpp"
#include "server/io/task.hpp"
#include "server/site/site.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>

namespace waitlab::server {

/// How reading a request ended.
enum class Reading : std::uint8_t {
  complete,    ///< but for a body that its client waits to be asked for, where nobody needs it
  unfinished,  ///< it is not all there, and was too late, or is not to be waited for
  malformed,   ///< the parser says why
  nothing,     ///< of a request; maybe an empty line
  closed,      ///< by the peer
  unwritable,  ///< what had to be sent first could not be, which has been counted
};

/// How far a request is read.
struct ReadingRules {
  bool invites = true;  ///< whether a client that waits to be asked for its body is asked
  bool begins = true;   ///< whether what comes makes a request in flight
  bool keeps = false;   ///< whether HttpState::taken has what was read
  std::size_t most_body = std::numeric_limits<std::size_t>::max();  ///< reading ends with that much of the body
};

/// Reads until the parser has a whole request. Answers gathered so far are sent before it waits. May be called again
/// for the rest of what was unfinished: its deadlines are set once.
Task<Reading> read_request(Io& io, Connection& connection, const Service& service, ReadingRules rules);

/// Whether the client waits to be asked for its body.
bool wants_continue(const HttpState& http);

/// Notes that bytes of a request have come.
void note_received(Connection& connection, bool begins);

/// Sends what has been gathered. Returns whether it could, and counts it if not.
Task<bool> flush(Io& io, Connection& connection, const Service& service);

}  // namespace waitlab::server
