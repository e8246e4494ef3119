#pragma once

#include "server/backend_client/backend.hpp"
#include "server/counts/telemetry.hpp"
#include "server/handlers/endpoint.hpp"
#include "server/handlers/shared_state.hpp"

#include <chrono>
#include <memory>

namespace waitlab::server {

/// The endpoints of the service, the same under every strategy. What they are given must outlive the router.
std::unique_ptr<Router> make_endpoints(Backend& backend, std::chrono::nanoseconds backend_timeout, Telemetry& telemetry,
                                       SharedState& shared, LocalState& local);

}  // namespace waitlab::server
