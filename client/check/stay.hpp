#pragma once

#include <chrono>

namespace waitlab::client {

/// A request's stay at a queue and its thread, as offsets from any common origin.
struct Stay {
  std::chrono::nanoseconds enqueued{0};
  std::chrono::nanoseconds started{0};
  std::chrono::nanoseconds ended{0};

  std::chrono::nanoseconds wait() const { return started - enqueued; }
  std::chrono::nanoseconds hold() const { return ended - started; }
  std::chrono::nanoseconds response() const { return ended - enqueued; }
};

}  // namespace waitlab::client
