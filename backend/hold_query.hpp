#pragma once

#include "backend/hold_service.hpp"
#include "common/http/request.hpp"
#include "common/result.hpp"

namespace waitlab::backend {

/// Reads `GET /hold?route=/wait[&delay=50ms]` with its `X-Request-Id` and `X-Request-Timeout-Ms` fields, all optional;
/// the route is "/hold" if not given. An unknown or repeated parameter or a value out of range is a Failure naming it.
Result<HoldRequest> parse_hold_query(const Request& request);

}  // namespace waitlab::backend
