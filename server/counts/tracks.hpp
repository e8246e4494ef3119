#pragma once

#include "server/counts/shared_pages.hpp"
#include "server/counts/tracer.hpp"

#include <sys/types.h>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <queue>
#include <string_view>
#include <utility>
#include <vector>

namespace waitlab::server {

/// What one thread, or one connection's request, does now. One thread at a time changes it; any may look. A change
/// costs a relaxed store and, while nothing is recorded, a relaxed load.
class Track {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  /// What is seen of it, by other processes too. It has cache lines of its own, so that neighbours do not slow each
  /// other down. Zeros are an idle one.
  struct alignas(64) State {
    std::atomic<Activity> activity;
    std::atomic<pid_t> process;
    std::atomic<std::uint64_t> request;
    std::atomic<TimePoint> since;     ///< if the activity began while a trace was recorded; else earlier. Written
                                      ///< before `activity`
    std::atomic<TimePoint> loop_due;  ///< zero: it runs none
  };

  Track(const Tracks& group, Tracer& tracer, std::uint32_t number, State& state) noexcept
      : group_(group), tracer_(tracer), number_(number), state_(state) {}

  const Tracks& group() const noexcept { return group_; }
  std::uint32_t number() const noexcept { return number_; }  ///< in its group, from 0
  Activity activity() const noexcept { return state_.activity.load(std::memory_order_acquire); }

  /// The number of the request that this is or that the thread last worked on; 0: none.
  std::uint64_t request() const noexcept { return state_.request.load(std::memory_order_relaxed); }

  void become(Activity next) noexcept {
    if (tracer_.recording()) {
      tracer_.note_change(*this, next);
    } else {
      state_.activity.store(next, std::memory_order_relaxed);
    }
  }

  void serve(std::uint64_t request) noexcept { state_.request.store(request, std::memory_order_relaxed); }

  static constexpr pid_t not_forked = -1;  ///< a process that is not there yet

  /// The process that this is, where it is no thread; 0: a thread.
  pid_t process() const noexcept { return state_.process.load(std::memory_order_relaxed); }
  void be_process(pid_t process) noexcept { state_.process.store(process, std::memory_order_relaxed); }

  /// Of a thread that runs a loop, when that runs next what is due ten times a second; in the past if it is late just
  /// now. time_point::max(): it runs none.
  TimePoint loop_due() const noexcept {
    const TimePoint due = state_.loop_due.load(std::memory_order_relaxed);
    return due == TimePoint() ? TimePoint::max() : due;
  }
  void fall_due(TimePoint due) noexcept { state_.loop_due.store(due, std::memory_order_relaxed); }

 private:
  friend class Tracer;
  friend class Tracks;

  const Tracks& group_;
  Tracer& tracer_;
  const std::uint32_t number_;
  State& state_;

  bool used_ = false;  ///< guarded by the group's mutex
};

/// The tracks of a strategy's threads, or of the requests of its connections. A track that is given back is used again,
/// the lowest number first, so that there are never more than there were at once. Owns them. Thread-safe; the mutex is
/// a leaf, and taken when a thread or a connection begins or ends, never for a request.
class Tracks {
 public:
  enum class Kind : std::uint8_t { threads, requests };

  /// One of them as another process finds it.
  struct Lent {
    std::uint32_t number = 0;
    std::uint64_t block = 0;  ///< where the file has the pages with its state
  };

  /// A track in use, given back when this is destroyed.
  class Held {
   public:
    explicit Held(Tracks& tracks) : tracks_(tracks), track_(tracks.take()) {}
    /// One that another process holds, and lends for as long as this lives.
    Held(Tracks& tracks, const Lent& lent) : tracks_(tracks), track_(tracks.borrow(lent)) {}
    Held(const Held&) = delete;
    Held& operator=(const Held&) = delete;
    ~Held() { tracks_.give_back(track_); }

    Track& operator*() const noexcept { return track_; }
    Track* operator->() const noexcept { return &track_; }

    Lent lend() const { return tracks_.lend(track_); }

   private:
    Tracks& tracks_;
    Track& track_;
  };

  /// `strategy` and the tracer must outlive this.
  Tracks(Tracer& tracer, std::string_view strategy, Kind kind, SharedFile* file = nullptr);
  /// Those of another process, whose id is given; of them only such may be had that it lends.
  Tracks(Tracer& tracer, std::string_view strategy, Kind kind, SharedFile& file, std::uint32_t id);

  std::string_view strategy() const noexcept { return strategy_; }
  Kind kind() const noexcept { return kind_; }
  std::uint32_t id() const noexcept { return id_; }  ///< by which the tracer knows them

  /// Has the pages of what will be lent, so that a process that is forked need not. Throws std::system_error if the
  /// kernel grants none.
  void have(const Lent& lent);

  const Tracer& tracer() const noexcept { return tracer_; }

  /// Calls `look` with each track in use, in the order of their numbers, under the mutex.
  void visit(const std::function<void(const Track&)>& look) const;

 private:
  static constexpr std::size_t per_block = 1024;

  Track& take();
  Track& borrow(const Lent& lent);
  Lent lend(const Track& track) const;
  void give_back(Track& track);
  Track& add(std::uint32_t number);

  Tracer& tracer_;
  const std::string_view strategy_;
  const Kind kind_;
  const std::uint32_t id_;
  SharedFile* const file_;

  mutable std::mutex mutex_;                   ///< guards all below
  std::map<std::size_t, SharedPages> blocks_;  ///< of states, by the number of the first, in blocks
  std::deque<Track> tracks_;                   ///< by number; a deque, so that they stay where they are
  std::priority_queue<std::uint32_t, std::vector<std::uint32_t>, std::greater<>> free_;
};

}  // namespace waitlab::server
