#pragma once

#include "server/connection/listener.hpp"
#include "server/connection/serve_request.hpp"
#include "server/handlers/route_table.hpp"
#include "server/site/site.hpp"

#include <memory>
#include <mutex>

namespace waitlab::server {

/// Sees connections off on an event loop of its own, whose thread starts with the first of them. Has `most` at a time.
/// Thread-safe.
class LoopFarewell final : public Farewell {
 public:
  static constexpr std::size_t most = 256;

  /// The site must outlive it.
  LoopFarewell(Site& site, Timeouts timeouts);

  /// Waits for those that still linger: once the server is to stop, `timeouts.refused` and `timeouts.linger` at most.
  ~LoopFarewell() override;

  bool refuse(IdleConnection& connection) override;
  bool linger(IdleConnection& connection) override;

 private:
  class Leaving;

  bool take(IdleConnection& connection, bool refuses);
  Leaving& leaving();

  Tracer tracer_;
  Telemetry telemetry_{"farewell", tracer_};  ///< of what is counted where it was refused or answered: shown to nobody
  RouteTable no_routes_;
  const Service service_;

  std::mutex mutex_;  ///< guards leaving_
  std::unique_ptr<Leaving> leaving_;
};

}  // namespace waitlab::server
