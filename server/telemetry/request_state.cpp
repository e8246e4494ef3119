#include "server/telemetry/request_state.hpp"

#include "server/activity/lane.hpp"

namespace waitlab::server {

void RequestState::run() noexcept {
  enter(Activity::running, nullptr);
  if (Track* const lane = Lane::of_this_thread()) lane->serve(track_->request());
}

void RequestState::end() noexcept {
  if (!in_flight()) return;
  telemetry_.in_flight.remove();
  enter(Activity::idle, nullptr);
}

void RequestState::enter(Activity next, Gauge* counted) noexcept {
  if (track_->activity() == next) return;
  if (!in_flight()) {
    telemetry_.in_flight.add();
    track_->serve(telemetry_.begun.add());
  }
  if (counted_ != nullptr) counted_->remove();
  if (counted != nullptr) counted->add();
  counted_ = counted;
  track_->become(next);
}

}  // namespace waitlab::server
