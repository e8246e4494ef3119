#include "server/counts/request_state.hpp"

#include "server/counts/thread_track.hpp"

namespace waitlab::server {

void RequestState::run() noexcept {
  enter(Activity::running);
  if (Track* const lane = ThreadTrack::of_this_thread()) lane->serve(track_->request());
}

void RequestState::enter(Activity next) noexcept {
  const Activity before = track_->activity();
  if (before == next) return;
  if (before == Activity::idle) {
    telemetry_.in_flight.add();
    track_->serve(telemetry_.counts.begin_request());
  }
  if (before == Activity::queued) telemetry_.queued.remove();
  if (before == Activity::waiting) count(telemetry_.counts.here().waits_ended);
  if (next == Activity::queued) telemetry_.queued.add();
  if (next == Activity::waiting) count(telemetry_.counts.here().waits_begun);
  if (next == Activity::idle) {
    telemetry_.in_flight.remove();
    count(telemetry_.counts.here().ended);
  }
  track_->become(next);
}

}  // namespace waitlab::server
