#include "server/handlers/endpoints.hpp"

#include "server/handlers/cpu.hpp"
#include "server/handlers/echo.hpp"
#include "server/handlers/fanout.hpp"
#include "server/handlers/mix.hpp"
#include "server/handlers/plain.hpp"
#include "server/handlers/route_table.hpp"
#include "server/handlers/wait.hpp"
#include "server/io/blocking_io.hpp"
#include "server/io/loop_io.hpp"

namespace waitlab::server {

template <class Io>
std::unique_ptr<Router<Io>> make_endpoints(Backend<Io>& backend, std::chrono::nanoseconds backend_timeout,
                                           Telemetry& telemetry) {
  const BackendWait<Io> backend_wait(backend, backend_timeout, telemetry);
  auto routes = std::make_unique<RouteTable<Io>>();
  routes->add("GET", "/plain", std::make_unique<Plain<Io>>());
  routes->add("GET", "/wait", std::make_unique<Wait<Io>>(backend_wait));
  routes->add("GET", "/fanout", std::make_unique<Fanout<Io>>(backend_wait));
  routes->add("GET", "/cpu", std::make_unique<Cpu<Io>>());
  routes->add("GET", "/mix", std::make_unique<Mix<Io>>(backend_wait));
  routes->add("POST", "/echo", std::make_unique<Echo<Io>>());
  return routes;
}

template std::unique_ptr<Router<BlockingIo>> make_endpoints(Backend<BlockingIo>&, std::chrono::nanoseconds, Telemetry&);
template std::unique_ptr<Router<LoopIo>> make_endpoints(Backend<LoopIo>&, std::chrono::nanoseconds, Telemetry&);

}  // namespace waitlab::server
