#include "server/counts/tracks.hpp"

#include <new>

namespace waitlab::server {

Tracks::Tracks(Tracer& tracer, std::string_view strategy, Kind kind, SharedFile* file)
    : tracer_(tracer),
      strategy_(strategy),
      kind_(kind),
      id_(tracer.name_group()),
      states_(most * sizeof(Track::State), file) {}

Tracks::Tracks(Tracer& tracer, std::string_view strategy, Kind kind, SharedFile& file, const Part& part)
    : tracer_(tracer),
      strategy_(strategy),
      kind_(kind),
      id_(part.id),
      states_(most * sizeof(Track::State), SharedPages::Place{&file, part.offset}) {}

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
    if (number == most) throw std::bad_alloc();
    tracks_.emplace_back(*this, tracer_, number, states_.as<Track::State>(most)[number]);
    free_.push(number);
  }
  Track& track = tracks_[free_.top()];
  free_.pop();
  track.used_ = true;
  return track;
}

Track& Tracks::borrow(std::uint32_t number) {
  const std::scoped_lock lock(mutex_);
  return tracks_.emplace_back(*this, tracer_, number, states_.as<Track::State>(most)[number]);
}

void Tracks::give_back(Track& track) {
  track.become(Activity::idle);
  track.fall_due({});
  track.be_process(0);
  const std::scoped_lock lock(mutex_);
  if (!track.used_) return;  // it is another process's
  track.used_ = false;
  free_.push(track.number());
}

}  // namespace waitlab::server
