#pragma once

#include "backend/time_source.hpp"

#include <chrono>
#include <string>

namespace waitlab::backend {

/// How a hold ended.
enum class Outcome {
  served,    ///< held for its whole delay
  rejected,  ///< the cap was reached and holds don't queue
  expired,   ///< its caller's deadline passed while it was queued
  aborted,   ///< its caller left, or the backend stopped
};

/// What became of one hold, as its caller and the hold log are told.
struct HoldRecord {
  std::string request_id;
  std::string route;
  TimeSource::UnixTime arrival{};
  std::chrono::nanoseconds drawn{0};   ///< the delay it was meant to be held for
  std::chrono::nanoseconds queued{0};  ///< from arrival to its start, or to its end if it never started
  std::chrono::nanoseconds held{0};    ///< from its start to its end, as the clock says; zero if it never started
  Outcome outcome = Outcome::served;
};

}  // namespace waitlab::backend
