#pragma once

#include "client/record/error_kind.hpp"
#include "client/record/time_split.hpp"

#include <chrono>
#include <cstdint>
#include <optional>

namespace waitlab::client {

/// How one measured request ended, with all that is known of it: a row of the per-request log.
struct RequestRow {
  enum class Outcome : std::uint8_t { completed, failed, timed_out, unfinished };

  std::uint64_t n = 0;       ///< the number in its request id
  std::uint32_t step = 0;    ///< of the load's steps
  std::uint32_t target = 0;  ///< of the request mix
  Outcome outcome = Outcome::completed;
  std::uint16_t status = 0;                       ///< 0 without a response
  std::optional<ErrorKind> error;                 ///< what went wrong, an unwanted response included
  std::chrono::nanoseconds intended{0};           ///< this and the next two from the start of the run
  std::optional<std::chrono::nanoseconds> sent;   ///< nothing if it never got a connection
  std::optional<std::chrono::nanoseconds> ended;  ///< nothing if it was unfinished
  std::chrono::nanoseconds connect{0};
  std::uint64_t body_bytes = 0;  ///< of the response
  std::optional<ServerTiming> timing;
};

}  // namespace waitlab::client
