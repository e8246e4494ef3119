#pragma once

#include "server/accounts/accounts.hpp"
#include "server/counts/telemetry.hpp"
#include "server/handlers/backend_wait.hpp"
#include "server/handlers/route_table.hpp"

namespace waitlab::server {

/// POST /transfer?from=a&to=b&amount=1&locking=unordered|ordered|try&delay=50ms&backend=db, and GET /accounts. What
/// they are given must outlive the table.
void add_account_routes(RouteTable& routes, Accounts& accounts, const BackendWait& backend, Telemetry& telemetry);

}  // namespace waitlab::server
