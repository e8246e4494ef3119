#pragma once

#include "server/counts/track.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <queue>
#include <string_view>
#include <utility>
#include <vector>

namespace waitlab::server {

/// The tracks of a strategy's threads, or of the requests of its connections. A track that is given back is used again,
/// the lowest number first, so that there are never more than there were at once. Owns them. Thread-safe; the mutex is
/// a leaf, and taken when a thread or a connection begins or ends, never for a request.
class Tracks {
 public:
  enum class Kind : std::uint8_t { threads, requests };

  /// A track in use, given back when this is destroyed.
  class Held {
   public:
    explicit Held(Tracks& tracks) : tracks_(tracks), track_(tracks.take()) {}
    Held(const Held&) = delete;
    Held& operator=(const Held&) = delete;
    ~Held() { tracks_.give_back(track_); }

    Track& operator*() const noexcept { return track_; }
    Track* operator->() const noexcept { return &track_; }

   private:
    Tracks& tracks_;
    Track& track_;
  };

  /// `strategy` and the tracer must outlive this.
  Tracks(Tracer& tracer, std::string_view strategy, Kind kind) : tracer_(tracer), strategy_(strategy), kind_(kind) {}

  std::string_view strategy() const noexcept { return strategy_; }
  Kind kind() const noexcept { return kind_; }

  /// Calls `look` with each track in use, in the order of their numbers, under the mutex.
  void visit(const std::function<void(const Track&)>& look) const;

 private:
  Track& take();
  void give_back(Track& track);

  Tracer& tracer_;
  const std::string_view strategy_;
  const Kind kind_;

  mutable std::mutex mutex_;  ///< guards all below
  std::deque<Track> tracks_;  ///< by number; a deque, so that they stay where they are
  std::priority_queue<std::uint32_t, std::vector<std::uint32_t>, std::greater<>> free_;
};

}  // namespace waitlab::server
