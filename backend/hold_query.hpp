#pragma once

#include "backend/hold_service.hpp"
#include "common/http/request.hpp"
#include "common/result.hpp"

#include <string>

namespace waitlab::backend {

/// A hold, and the profile that it is asked of; an empty name is the standard one's.
struct HoldQuery {
  std::string profile;
  HoldRequest hold;
};

/// Reads `GET /hold?route=/wait[&delay=50ms][&profile=db]` with its `X-Request-Id` and `X-Request-Timeout-Ms` fields,
/// all optional; the route is "/hold" if not given. An unknown or repeated parameter or a value out of range is a
/// Failure naming it.
Result<HoldQuery> parse_hold_query(const Request& request);

/// Reads the parameter `profile` of `/profile?profile=db`, and no other; empty if it is not given.
Result<std::string> parse_profile_query(const Request& request);

}  // namespace waitlab::backend
