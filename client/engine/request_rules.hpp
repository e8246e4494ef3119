#pragma once

#include "client/engine/request_template.hpp"
#include "common/result.hpp"

namespace waitlab::client {

/// Says what is wrong with these fields, if they cannot be sent: a name that is no token, a line break, a field that
/// the client sets itself.
Result<void> check_headers(const HeaderFields& headers);

/// Says what is wrong with the request, if it cannot be sent: its method, path, weight or headers.
Result<void> check_request(const RequestTemplate& request);

}  // namespace waitlab::client
