#pragma once

#include "server/handlers/endpoint.hpp"
#include "server/telemetry/live_frames.hpp"

#include <cstddef>

namespace waitlab::server {

/// GET /events: a frame of what the server does as a server-sent event, five times a second, until the client goes.
/// All who listen get the same frames. Who reads too slowly for them misses some, and is cut off if he does not read
/// at all; one listener too many is answered 503.
class EventStream final : public Endpoint {
 public:
  static constexpr std::size_t most_listeners = 16;

  /// What it is given must outlive this.
  EventStream(const Telemetries& telemetries, Accounts& accounts) : frames_(telemetries, accounts) {}

  Task<void> handle(Io& io, Exchange& exchange) override;

 private:
  class Listener;

  LiveFrames frames_;
  std::size_t listeners_ = 0;
};

}  // namespace waitlab::server
