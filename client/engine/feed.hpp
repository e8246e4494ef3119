#pragma once

#include "common/asio/deadline_queue.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace waitlab::client {

/// One request whose turn has come.
struct Ticket {
  std::uint64_t n = 0;  ///< the number in its request id
  Clock::time_point intended;
  bool measured = false;
  std::size_t step = 0;  ///< of a load whose rate changes
};

/// Says which request a load thread sends next, and when: the difference between an open and a closed loop. A request
/// that is due but finds no free connection simply stays in the feed, its intended start unchanged. Used by one thread.
class Feed {
 public:
  virtual ~Feed() = default;

  /// The request that is due at `now`, if one is.
  virtual std::optional<Ticket> due(Clock::time_point now) = 0;
  /// Removes the request that `due` showed, to be sent at `now`, which is the intended start of one that had no
  /// schedule.
  virtual Ticket take(Clock::time_point now) = 0;
  /// When to ask again although no response came; nothing if time alone makes no further request due.
  virtual std::optional<Clock::time_point> next_due(Clock::time_point now) const = 0;
};

}  // namespace waitlab::client
