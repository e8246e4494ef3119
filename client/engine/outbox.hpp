#pragma once

#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace waitlab::client {

/// Things that a load thread fills and another thread takes, used again once they were taken, so that in the long run
/// nothing is allocated. The load thread holds the lock only to swap a pointer. `Thing` has clear(). `fresh` and `post`
/// belong to one thread, `drain` to another.
template <class Thing>
class Outbox {
 public:
  /// An empty thing to fill.
  std::unique_ptr<Thing> fresh() {
    const std::lock_guard lock(mutex_);
    if (empty_.empty()) return std::make_unique<Thing>();
    auto thing = std::move(empty_.back());
    empty_.pop_back();
    return thing;
  }

  void post(std::unique_ptr<Thing> thing) {
    const std::lock_guard lock(mutex_);
    full_.push_back(std::move(thing));
  }

  /// Calls take(const Thing&) with each that was posted, in that order.
  template <class Take>
  void drain(Take&& take) {
    taken_.clear();
    {
      const std::lock_guard lock(mutex_);
      taken_.swap(full_);
    }
    for (auto& thing : taken_) {
      take(std::as_const(*thing));
      thing->clear();
    }
    const std::lock_guard lock(mutex_);
    for (auto& thing : taken_)
      empty_.push_back(std::move(thing));
  }

 private:
  std::mutex mutex_;
  std::vector<std::unique_ptr<Thing>> full_;
  std::vector<std::unique_ptr<Thing>> empty_;
  std::vector<std::unique_ptr<Thing>> taken_;  ///< of the draining thread
};

}  // namespace waitlab::client
