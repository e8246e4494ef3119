#pragma once

#include "common/delay/delay_profile.hpp"
#include "common/net/socket_address.hpp"
#include "server/backend_client/backend.hpp"
#include "server/connection/service.hpp"
#include "server/handlers/endpoint.hpp"
#include "server/telemetry/telemetry.hpp"

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>

namespace waitlab::server {

/// What a strategy is built around. The references must outlive it.
struct ApplicationParts {
  Telemetry& telemetry;
  ServerIdentity& identity;
  const std::atomic<bool>& draining;
  RequestLog* request_log = nullptr;  ///< null: none is kept
  Timeouts timeouts;
  std::optional<SocketAddress> backend_address;  ///< none: backend.mode is timer
  DelayProfile backend_profile;                  ///< for the timer
  std::chrono::nanoseconds backend_timeout{5'000'000'000};
};

/// The endpoints and their backend over one Io, with the service that ties them to connections.
template <class Io>
class Application {
 public:
  explicit Application(const ApplicationParts& parts);

  Application(const Application&) = delete;
  Application& operator=(const Application&) = delete;

  Service<Io>& service() noexcept { return service_; }

 private:
  std::unique_ptr<Backend<Io>> backend_;
  std::unique_ptr<Router<Io>> router_;
  Service<Io> service_;
};

}  // namespace waitlab::server
