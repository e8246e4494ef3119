#pragma once

#include "server/counts/shared_pages.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string_view>
#include <utility>
#include <vector>

namespace waitlab::server {

/// What a thread, a process or a request does at a moment. A thread is idle when it has nothing to do, and waits when
/// it is held by something that does not come yet; it is never queued. It is locked when another thread has a mutex
/// that it wants, or another request the lock of an account, and tied when it is kept by a connection that has no
/// request. A request is never locked or tied, it waits; and one that is idle is none: its connection has no request
/// now.
enum class Activity : std::uint8_t { idle, queued, running, waiting, locked, tied };
inline constexpr std::array<std::string_view, 6> activity_names = {"idle",    "queued", "running",
                                                                   "waiting", "locked", "tied"};

inline std::string_view name_of(Activity activity) noexcept {
  return activity_names[static_cast<std::size_t>(activity)];
}

class Track;
class Tracks;

/// What was recorded between two moments.
struct Trace {
  using TimePoint = std::chrono::steady_clock::time_point;

  /// One activity of one track, from its beginning to its end. Those of a track do not overlap.
  struct Span {
    const Tracks* group = nullptr;
    std::uint32_t track = 0;  ///< its number in the group
    Activity activity = Activity::idle;
    std::uint64_t request = 0;  ///< 0: none
    TimePoint begin;
    TimePoint end;
  };

  TimePoint begin;
  TimePoint end;
  std::vector<Span> spans{};  ///< by the time of their end; idle ones are not among them
  bool full = false;          ///< it ended when there was no room for more
  std::size_t dropped = 0;    ///< spans that went on at the end and that there was no room for

  /// The threads that were there at the end, whatever they did.
  std::vector<std::pair<const Tracks*, std::uint32_t>> threads{};
};

/// Records what tracks do, when asked to. While it does not, it costs each change a relaxed load; while it does,
/// reading the clock and taking a place, without a lock. Memory is taken for a recording only, and bounded: a trace
/// that is full ends there, rather than to have some of what happened until later. Thread-safe, between processes as
/// well: one of them starts and stops, and all record.
class Tracer {
 public:
  static constexpr std::size_t most_spans = 200'000;

  explicit Tracer(SharedFile* file = nullptr) : pages_(sizeof(Shared), file) { shared().taken = all_taken; }
  /// That of another process, for recording only.
  explicit Tracer(SharedPages::Place place) : pages_(sizeof(Shared), place) {}

  const SharedPages::Place& place() const noexcept { return pages_.place(); }

  /// What a group of tracks is to be called by; no other is.
  std::uint32_t name_group() noexcept { return groups_.fetch_add(1, std::memory_order_relaxed); }

  bool recording() const noexcept { return shared().recording.load(std::memory_order_relaxed); }

  /// Begins to record. Once as many spans as there is `room` for have ended the trace ends. Returns false if it does
  /// record already.
  bool start(std::size_t room = most_spans);

  /// Whether the trace has ended by itself.
  bool full() const noexcept { return recording() && shared().full_at.load(std::memory_order_relaxed) != never; }

  /// Ends it and returns what was recorded. What the tracks of `groups` do at that moment is in it up to then, as many
  /// spans more as there was room for at most.
  Trace stop(const std::vector<const Tracks*>& groups);

  /// Changes the track's activity, and records the one that ends.
  void note_change(Track& track, Activity next) noexcept;

 private:
  /// One of the places of a recording, each taken by one change. A span as its group's process and others know it.
  struct Place {
    std::uint32_t group;
    std::uint32_t track;
    Activity activity;
    std::atomic<bool> written;
    std::uint64_t request;
    Trace::TimePoint begin;
    Trace::TimePoint end;
  };

  static constexpr std::size_t page_bytes = 4096;

  /// All but `begin_` that a recording is made of.
  struct Shared {
    std::atomic<std::size_t> taken;  ///< how many places have been asked for
    std::atomic<Trace::TimePoint> full_at;
    std::atomic<std::size_t> room;
    std::atomic<bool> recording;
    std::array<char, page_bytes - 4 * sizeof(std::uint64_t)> rest_of_page;
    std::array<Place, 2 * most_spans> places;  ///< on pages of their own, which can be forgotten
  };

  using Groups = std::map<std::uint32_t, const Tracks*>;
  /// What tracks do at the end, by group and number.
  using GoingOn = std::map<std::pair<const Tracks*, std::uint32_t>, Trace::Span>;

  static constexpr auto never = Trace::TimePoint::max();
  static constexpr std::size_t all_taken = std::size_t{1} << 62U;

  Shared& shared() const noexcept { return pages_.as<Shared>(1).front(); }
  void record(const Track& track, Trace::TimePoint now) noexcept;
  void add_recorded(Trace& trace, GoingOn& going_on, const Groups& groups);

  std::atomic<std::uint32_t> groups_{0};

  std::mutex mutex_;  ///< of those that start and stop; guards begin_
  Trace::TimePoint begin_;
  SharedPages pages_;
};

}  // namespace waitlab::server
