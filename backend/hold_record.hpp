#pragma once

#include "backend/time_source.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace waitlab::backend {

/// How a hold ended. A fault befalls it once it has been held for its whole time, but a stall, which never passes.
enum class Outcome : std::uint8_t {
  served,        ///< held for its whole time
  rejected,      ///< the cap was reached and holds don't queue
  expired,       ///< its caller's deadline passed while it was queued
  aborted,       ///< its caller left, or the backend stopped
  failed,        ///< faults.error: answered with an error
  reset_before,  ///< faults.reset_before: its connection was reset before the answer
  reset_in,      ///< faults.reset_in: its connection was reset in the middle of the answer
  dripped,       ///< faults.drip: the body of its answer was sent byte by byte
  stalled,       ///< faults.stall: held until its caller left, or the backend stopped
};
inline constexpr std::array<std::string_view, 9> outcome_names = {
    "served", "rejected", "expired", "aborted", "failed", "reset_before", "reset_in", "dripped", "stalled"};

/// What became of one hold, as its caller and the hold log are told.
struct HoldRecord {
  std::string request_id;
  std::string route;
  TimeSource::UnixTime arrival{};
  std::chrono::nanoseconds drawn{0};   ///< the delay it was meant to be held for
  std::chrono::nanoseconds queued{0};  ///< from arrival to its start, or to its end if it never started
  std::chrono::nanoseconds held{0};    ///< from its start to its end, as the clock says; zero if it never started
  Outcome outcome = Outcome::served;
  unsigned error_status = 0;               ///< what to answer with, if it failed
  std::chrono::nanoseconds drip_pause{0};  ///< before each byte, if it is dripped
};

}  // namespace waitlab::backend
