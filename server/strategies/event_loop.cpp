#include "server/strategies/event_loop.hpp"

namespace waitlab::server {

EventLoop::EventLoop(const ApplicationParts& parts)
    : application_(parts),
      lag_probe_(loop_.context, parts.telemetry),
      housekeeping_(loop_.context, [this] { application_.housekeep(); }),
      server_(loop_, application_.service(), Answers::gathered) {}

}  // namespace waitlab::server
