#pragma once

#include "server/counts/telemetry.hpp"

#include <cstdint>

namespace waitlab::server {

/// What a connection's request does: counted in the strategy's telemetry, and to be seen on a track of its own. Belongs
/// to the connection, and is changed by whoever has that.
class RequestState {
 public:
  /// There is no request yet. The telemetry must outlive this.
  explicit RequestState(Telemetry& telemetry) : telemetry_(telemetry), track_(telemetry.requests) {}
  /// What another process has on that track, to go on with; that one leaves it alone meanwhile.
  RequestState(Telemetry& telemetry, const Tracks::Lent& lent)
      : telemetry_(telemetry), track_(telemetry.requests, lent) {}
  RequestState(const RequestState&) = delete;
  RequestState& operator=(const RequestState&) = delete;
  ~RequestState() { end(); }

  Tracks::Lent lend() const { return track_.lend(); }
  std::uint64_t number() const noexcept { return track_->request(); }
  bool in_flight() const noexcept { return track_->activity() != Activity::idle; }

  /// A thread or the loop is at it. The first of these calls, or of `queue`, begins a request.
  void run() noexcept;
  /// It waits for a thread.
  void queue() noexcept { enter(Activity::queued); }
  /// It waits for the backend, a file or the lock of an account.
  void wait() noexcept { enter(Activity::waiting); }
  /// It has been answered, or given up. There is none until the next begins.
  void end() noexcept { enter(Activity::idle); }

 private:
  void enter(Activity next) noexcept;

  Telemetry& telemetry_;
  Tracks::Held track_;
};

}  // namespace waitlab::server
