#pragma once

#include "server/accounts/accounts.hpp"
#include "server/connection/listener.hpp"
#include "server/counts/health.hpp"
#include "server/handlers/route_table.hpp"
#include "server/io/loop_io.hpp"
#include "server/runtime/loop_server.hpp"
#include "server/site/site.hpp"
#include "server/telemetry/telemetries.hpp"

#include <chrono>

namespace waitlab::server {

/// The admin listener: /metrics, /healthz, /readyz, /status, the live page with its /events, and /trace. It has a
/// thread and a loop of its own, so that it answers whatever the strategy is doing. What it refers to must outlive it.
class AdminListener {
 public:
  AdminListener(Listener& listener, Telemetries& telemetries, const Health& health, Accounts& accounts);
  /// Ends what goes on: streams of events, a recording.
  ~AdminListener();

 private:
  void add_routes(Telemetries& telemetries, const Health& health, Accounts& accounts);

  Site site_;  ///< its own: it goes on while the server drains, and its connections are not the service's
  RouteTable routes_;
  Tracer never_traced_;
  Telemetry telemetry_{"admin", never_traced_};  ///< not shown: it would count the questions, not the service
  Loop loop_;
  LoopServer server_;
};

}  // namespace waitlab::server
