#pragma once

#include "common/delay/delay_profiles.hpp"
#include "server/backend_client/backend.hpp"
#include "server/backend_client/remote_backend.hpp"
#include "server/site/site.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string_view>

namespace waitlab::server {

/// What a strategy is built around. The references must outlive it.
struct ApplicationParts {
  Site& site;
  Telemetry& telemetry;
  Timeouts timeouts;
  std::optional<BackendPlace> backend_place;  ///< none: backend.mode is timer
  DelayProfiles backend_profiles;             ///< for the timer
  std::chrono::nanoseconds backend_timeout{5'000'000'000};
  std::string_view logged_as{};  ///< as in Service
};

/// The endpoints and their backend, with the service that ties them to connections. The backend's idle connections
/// belong to the Io that made them, so each Io that can't share them has an application of its own.
class Application {
 public:
  explicit Application(const ApplicationParts& parts);

  Application(const Application&) = delete;
  Application& operator=(const Application&) = delete;

  const Service& service() const noexcept { return service_; }

  /// To be called about once a second, on a thread that may use the Io.
  void housekeep() { backend_->housekeep(); }

 private:
  std::unique_ptr<Backend> backend_;
  std::unique_ptr<Router> router_;
  Service service_;
};

}  // namespace waitlab::server
