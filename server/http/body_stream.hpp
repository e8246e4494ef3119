#pragma once

#include <chrono>
#include <string>

namespace waitlab::server {

/// A body that goes on for as long as the client listens: pieces, each made when it is due. Knows nothing of sockets
/// and never waits, so a client that reads slowly gets fewer pieces and holds up nobody. Belongs to its exchange, and
/// is used by one thread at a time.
class BodyStream {
 public:
  virtual ~BodyStream() = default;

  /// Appends the piece that is due now to `out`. Returns when the next one is.
  virtual std::chrono::steady_clock::time_point next(std::string& out) = 0;
};

}  // namespace waitlab::server
