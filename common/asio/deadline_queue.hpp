#pragma once

#include <boost/intrusive/set.hpp>

#include <chrono>

namespace waitlab {

using Clock = std::chrono::steady_clock;

class DeadlineQueue;

/// A deadline that can be moved at almost no cost: most operations push it later, which only stores the new time; the
/// queue finds out when the old time comes. Base class of what must be told. Owned by the deriving object, which leaves
/// the queue when destroyed. Not thread-safe: one thread uses a queue and its deadlines.
class Deadline {
 public:
  Deadline() = default;
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;

  Clock::time_point due() const noexcept { return due_; }

 protected:
  virtual ~Deadline() = default;

 private:
  friend class DeadlineQueue;
  using Hook = boost::intrusive::set_member_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;

  virtual void expired() = 0;

  Hook hook_;
  Clock::time_point due_ = Clock::time_point::max();
  Clock::time_point queued_for_ = Clock::time_point::max();
};

/// Deadlines in the order they come due, without a clock or a timer: the owner tells it the time. Must outlive its
/// deadlines' last use or be empty when destroyed.
class DeadlineQueue {
 public:
  /// Sets when `deadline` expires. Returns true if the queue now comes due earlier than it did, so that the owner must
  /// wake earlier.
  bool set(Deadline& deadline, Clock::time_point due);

  /// The deadline will not expire until it is set again.
  void clear(Deadline& deadline) noexcept { deadline.due_ = Clock::time_point::max(); }

  /// When to call `expire` next; time_point::max() if nothing is queued. May be early, never late.
  Clock::time_point next() const noexcept;

  /// Calls `expired()` of every deadline that is due. A callback may set, clear and destroy deadlines.
  void expire(Clock::time_point now);

 private:
  struct EarlierQueued {
    bool operator()(const Deadline& a, const Deadline& b) const noexcept { return a.queued_for_ < b.queued_for_; }
  };
  using Queue =
      boost::intrusive::multiset<Deadline, boost::intrusive::member_hook<Deadline, Deadline::Hook, &Deadline::hook_>,
                                 boost::intrusive::compare<EarlierQueued>, boost::intrusive::constant_time_size<false>>;

  void enqueue(Deadline& deadline, Clock::time_point time);

  Queue queue_;
};

}  // namespace waitlab
