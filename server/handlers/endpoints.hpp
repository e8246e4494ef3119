#pragma once

#include "server/backend_client/backend.hpp"
#include "server/handlers/endpoint.hpp"
#include "server/telemetry/telemetry.hpp"

#include <chrono>
#include <memory>

namespace waitlab::server {

/// The endpoints of the service, the same over every Io. `backend` and `telemetry` must outlive the router.
template <class Io>
std::unique_ptr<Router<Io>> make_endpoints(Backend<Io>& backend, std::chrono::nanoseconds backend_timeout,
                                           Telemetry& telemetry);

}  // namespace waitlab::server
