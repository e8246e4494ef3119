#include "server/counts/tracer.hpp"

#include "server/counts/tracks.hpp"

#include <algorithm>
#include <cstddef>
#include <span>
#include <thread>

namespace waitlab::server {

namespace {

using Clock = std::chrono::steady_clock;
using Span = Trace::Span;

/// How long a place may take to be written once it was taken: who took it may be a process that was killed over it.
constexpr std::chrono::milliseconds longest_writing{100};

/// Returns whether it is, or was within that time.
bool await_written(const std::atomic<bool>& written) {
  const auto end = Clock::now() + longest_writing;
  while (!written.load(std::memory_order_acquire)) {
    if (Clock::now() >= end) return false;
    std::this_thread::yield();
  }
  return true;
}

}  // namespace

bool Tracer::start(std::size_t room) {
  const std::scoped_lock lock(mutex_);
  if (recording()) return false;
  shared().room.store(room, std::memory_order_relaxed);
  shared().full_at.store(never, std::memory_order_relaxed);
  begin_ = Clock::now();
  shared().taken.store(0, std::memory_order_release);
  shared().recording.store(true, std::memory_order_relaxed);
  return true;
}

/// What goes on is looked at after the trace's end and before the last place is taken: what changes meanwhile is found
/// recorded as well, from the same beginning.
Trace Tracer::stop(const std::vector<const Tracks*>& groups) {
  const std::scoped_lock lock(mutex_);
  const Trace::TimePoint full_at = shared().full_at.load(std::memory_order_relaxed);
  Trace trace{.begin = begin_, .end = full_at == never ? Clock::now() : full_at, .full = full_at != never};
  GoingOn going_on;
  Groups by_id;
  for (const Tracks* group : groups) {
    by_id.emplace(group->id(), group);
    group->visit([&](const Track& track) {
      if (track.group().kind() == Tracks::Kind::threads) trace.threads.emplace_back(&track.group(), track.number());
      const Activity activity = track.activity();
      const Trace::TimePoint since = track.state_.since.load(std::memory_order_relaxed);
      if (activity == Activity::idle || since >= trace.end) return;
      const Span span{&track.group(), track.number(), activity, track.request(), since, trace.end};
      going_on.emplace(std::pair(span.group, span.track), span);
    });
  }
  shared().recording.store(false, std::memory_order_relaxed);
  add_recorded(trace, going_on, by_id);
  const std::size_t room = 2 * shared().room.load(std::memory_order_relaxed);
  for (const auto& [track, span] : going_on) {
    if (trace.spans.size() < room) {
      trace.spans.push_back(span);
    } else {
      ++trace.dropped;
    }
  }
  for (Span& span : trace.spans) {
    span.begin = std::max(span.begin, trace.begin);
    span.end = std::min(span.end, trace.end);
  }
  std::ranges::stable_sort(trace.spans, {}, &Span::end);
  return trace;
}

/// Takes what was recorded, and takes it away from what seemed to go on.
void Tracer::add_recorded(Trace& trace, GoingOn& going_on, const Groups& groups) {
  const std::size_t room = 2 * shared().room.load(std::memory_order_relaxed);
  const std::size_t taken = shared().taken.exchange(all_taken, std::memory_order_relaxed);
  const std::size_t used = std::min(taken, room);
  trace.dropped = taken - used;
  for (const Place& place : std::span(shared().places).first(used)) {
    const auto group = await_written(place.written) ? groups.find(place.group) : groups.end();
    if (group == groups.end()) {
      ++trace.dropped;
      continue;
    }
    const Span span{group->second, place.track, place.activity, place.request, place.begin, place.end};
    const auto same_track = going_on.find({span.group, span.track});
    if (same_track != going_on.end() && same_track->second.begin == span.begin) going_on.erase(same_track);
    if (span.begin < trace.end) trace.spans.push_back(span);
  }
  static_assert(offsetof(Shared, places) % page_bytes == 0);
  pages_.forget(offsetof(Shared, places));
}

void Tracer::note_change(Track& track, Activity next) noexcept {
  const Trace::TimePoint now = Clock::now();
  record(track, now);
  track.state_.since.store(now, std::memory_order_relaxed);
  track.state_.activity.store(next, std::memory_order_release);
}

/// An activity that began before the recording did is recorded from then on; one that began after it was full is not.
void Tracer::record(const Track& track, Trace::TimePoint now) noexcept {
  if (track.activity() == Activity::idle) return;
  const Trace::TimePoint full_at = shared().full_at.load(std::memory_order_relaxed);
  const Trace::TimePoint since = track.state_.since.load(std::memory_order_relaxed);
  if (since >= full_at) return;
  const std::size_t place = shared().taken.fetch_add(1, std::memory_order_acquire);
  const std::size_t room = shared().room.load(std::memory_order_relaxed);
  if (place >= 2 * room) return;
  Place& taken = shared().places[place];
  taken.group = track.group().id();
  taken.track = track.number();
  taken.activity = track.activity();
  taken.request = track.request();
  taken.begin = since;
  taken.end = std::min(now, full_at);
  if (place + 1 == room) shared().full_at.store(now, std::memory_order_relaxed);
  taken.written.store(true, std::memory_order_release);
}

}  // namespace waitlab::server
