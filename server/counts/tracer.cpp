#include "server/counts/tracer.hpp"

#include "server/counts/tracks.hpp"

#include <algorithm>
#include <utility>

namespace waitlab::server {

namespace {

using Clock = std::chrono::steady_clock;

}  // namespace

bool Tracer::start(std::size_t room) {
  const std::scoped_lock lock(mutex_);
  if (recording()) return false;
  trace_ = {};
  trace_.spans.reserve(2 * room);
  room_ = room;
  trace_.begin = Clock::now();
  recording_.store(true, std::memory_order_relaxed);
  return true;
}

bool Tracer::full() const {
  const std::scoped_lock lock(mutex_);
  return trace_.full;
}

Trace Tracer::stop(const std::vector<const Tracks*>& groups) {
  const std::scoped_lock lock(mutex_);
  if (!trace_.full) trace_.end = Clock::now();
  for (const Tracks* group : groups) {
    group->visit([this](const Track& track) {
      record(track, trace_.end);
      if (track.group().kind() == Tracks::Kind::threads) trace_.threads.emplace_back(&track.group(), track.number());
    });
  }
  recording_.store(false, std::memory_order_relaxed);
  return std::exchange(trace_, {});
}

void Tracer::note_change(Track& track, Activity next) noexcept {
  const std::scoped_lock lock(mutex_);
  // It may have stopped between the question whether it records and this.
  if (recording()) {
    const Clock::time_point now = Clock::now();
    record(track, trace_.full ? trace_.end : now);
    track.since_ = now;
    if (!trace_.full && trace_.spans.size() >= room_) {
      trace_.full = true;
      trace_.end = now;
    }
  }
  track.activity_.store(next, std::memory_order_relaxed);
}

/// An activity that began before the recording did is recorded from then on; one that began after it was full is not.
void Tracer::record(const Track& track, Trace::TimePoint end) noexcept {
  if (track.activity() == Activity::idle) return;
  if (trace_.full && track.since_ >= end) return;
  if (trace_.spans.size() == 2 * room_) {
    ++trace_.dropped;
    return;
  }
  trace_.spans.push_back(
      {&track.group(), track.number(), track.activity(), track.request(), std::max(track.since_, trace_.begin), end});
}

}  // namespace waitlab::server
