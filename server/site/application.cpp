#include "server/site/application.hpp"

#include "server/backend_client/remote_backend.hpp"
#include "server/backend_client/timer_backend.hpp"
#include "server/handlers/endpoints.hpp"
#include "server/io/blocking_io.hpp"
#include "server/io/loop_io.hpp"

namespace waitlab::server {

namespace {

template <class Io>
std::unique_ptr<Backend<Io>> make_backend(const ApplicationParts& parts) {
  if (parts.backend_address) return std::make_unique<RemoteBackend<Io>>(*parts.backend_address);
  return std::make_unique<TimerBackend<Io>>(parts.backend_profile);
}

}  // namespace

template <class Io>
Application<Io>::Application(const ApplicationParts& parts)
    : backend_(make_backend<Io>(parts)),
      router_(make_endpoints<Io>(*backend_, parts.backend_timeout, parts.telemetry)),
      service_{*router_, parts.telemetry, parts.identity, parts.timeouts} {
  service_.draining = &parts.draining;
  service_.request_log = parts.request_log;
}

template class Application<BlockingIo>;
template class Application<LoopIo>;

}  // namespace waitlab::server
