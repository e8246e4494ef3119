#include "server/strategies/event_loop.hpp"

#include <utility>

namespace waitlab::server {

namespace {

Service<LoopIo> coalescing(Service<LoopIo> service) {
  service.coalesces = true;
  return service;
}

}  // namespace

EventLoop::EventLoop(const ApplicationParts& parts)
    : application_(parts),
      lag_probe_(loop_.context, parts.telemetry),
      server_(loop_, coalescing(application_.service())) {}

void EventLoop::retire(Strategy* heir) {
  LoopServer::Heir give;
  if (heir != nullptr) give = [heir](IdleConnection connection) { heir->adopt(std::move(connection)); };
  server_.retire(std::move(give));
}

}  // namespace waitlab::server
