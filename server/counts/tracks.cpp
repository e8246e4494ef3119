#include "server/counts/tracks.hpp"

namespace waitlab::server {

void Tracks::visit(const std::function<void(const Track&)>& look) const {
  const std::scoped_lock lock(mutex_);
  for (const Track& track : tracks_) {
    if (track.used_) look(track);
  }
}

Track& Tracks::take() {
  const std::scoped_lock lock(mutex_);
  if (free_.empty()) {
    const auto number = static_cast<std::uint32_t>(tracks_.size());
    tracks_.emplace_back(*this, tracer_, number);
    free_.push(number);
  }
  Track& track = tracks_[free_.top()];
  free_.pop();
  track.used_ = true;
  return track;
}

void Tracks::give_back(Track& track) {
  track.become(Activity::idle);
  track.fall_due(std::chrono::steady_clock::time_point::max());
  const std::scoped_lock lock(mutex_);
  track.used_ = false;
  free_.push(track.number());
}

}  // namespace waitlab::server
