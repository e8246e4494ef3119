#pragma once

#include "server/handlers/endpoint.hpp"
#include "server/telemetry/telemetries.hpp"

#include <atomic>

namespace waitlab::server {

/// GET /trace?seconds=2&spans=200000: records for so long what threads and requests do, and answers with it as Chrome's
/// trace events; sooner if that many spans have ended by then. One recording at a time: another is answered 409. Ends
/// early once `closing` is set.
class TraceRecording final : public Endpoint {
 public:
  /// What it refers to must outlive it.
  TraceRecording(Telemetries& telemetries, const std::atomic<bool>& closing)
      : telemetries_(telemetries), closing_(closing) {}

  Task<void> handle(Io& io, Exchange& exchange) override;

 private:
  Trace stop();

  Telemetries& telemetries_;
  const std::atomic<bool>& closing_;
};

}  // namespace waitlab::server
