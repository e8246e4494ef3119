#pragma once

#include "server/http/exchange.hpp"

#include <string>
#include <string_view>

namespace waitlab::server {

/// Makes the response a problem document (RFC 9457) with that status and detail.
void set_problem(Response& response, unsigned status, std::string_view detail);

/// Appends the response with the fields every answer carries: Server-Timing, X-Request-Id and Date; Retry-After on 503;
/// Connection where it says something the HTTP version does not.
void append_answer(std::string& out, const Exchange& exchange);

}  // namespace waitlab::server
