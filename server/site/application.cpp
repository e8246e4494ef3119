#include "server/site/application.hpp"

#include "server/backend_client/backend.hpp"
#include "server/handlers/endpoints.hpp"

namespace waitlab::server {

namespace {

std::unique_ptr<Backend> make_backend(const ApplicationParts& parts) {
  if (parts.backend_place)
    return std::make_unique<RemoteBackend>(*parts.backend_place, parts.site.shared->health.backend);
  return std::make_unique<TimerBackend>(parts.backend_profiles);
}

}  // namespace

Application::Application(const ApplicationParts& parts)
    : backend_(make_backend(parts)),
      router_(make_endpoints(*backend_, parts.backend_timeout, parts.telemetry, parts.site.shared->state,
                             parts.site.local)),
      service_{parts.site, parts.telemetry, *router_, parts.timeouts, parts.logged_as} {}

}  // namespace waitlab::server
