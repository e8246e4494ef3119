#include "server/counts/tracks.hpp"

namespace waitlab::server {

Tracks::Tracks(Tracer& tracer, std::string_view strategy, Kind kind, SharedFile* file)
    : tracer_(tracer), strategy_(strategy), kind_(kind), id_(tracer.name_group()), file_(file) {}

Tracks::Tracks(Tracer& tracer, std::string_view strategy, Kind kind, SharedFile& file, std::uint32_t id)
    : tracer_(tracer), strategy_(strategy), kind_(kind), id_(id), file_(&file) {}

void Tracks::visit(const std::function<void(const Track&)>& look) const {
  const std::scoped_lock lock(mutex_);
  for (const Track& track : tracks_) {
    if (track.used_) look(track);
  }
}

void Tracks::have(const Lent& lent) {
  const std::scoped_lock lock(mutex_);
  blocks_.try_emplace(lent.number / per_block, per_block * sizeof(Track::State), SharedPages::Place{file_, lent.block});
}

Track& Tracks::take() {
  const std::scoped_lock lock(mutex_);
  if (free_.empty()) {
    const auto number = static_cast<std::uint32_t>(tracks_.size());
    if (number % per_block == 0) blocks_.try_emplace(number / per_block, per_block * sizeof(Track::State), file_);
    add(number);
    free_.push(number);
  }
  Track& track = tracks_[free_.top()];
  free_.pop();
  track.used_ = true;
  return track;
}

Track& Tracks::borrow(const Lent& lent) {
  have(lent);
  const std::scoped_lock lock(mutex_);
  return add(lent.number);
}

Tracks::Lent Tracks::lend(const Track& track) const {
  const std::scoped_lock lock(mutex_);
  return {track.number(), blocks_.at(track.number() / per_block).place().offset};
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

/// Whose block is there. Under the mutex.
Track& Tracks::add(std::uint32_t number) {
  Track::State& state = blocks_.at(number / per_block).as<Track::State>(per_block)[number % per_block];
  return tracks_.emplace_back(*this, tracer_, number, state);
}

}  // namespace waitlab::server
