#include "common/asio/deadline_queue.hpp"

namespace waitlab {

bool DeadlineQueue::set(Deadline& deadline, Clock::time_point due) {
  deadline.due_ = due;
  if (deadline.hook_.is_linked()) {
    if (deadline.queued_for_ <= due) return false;
    deadline.hook_.unlink();
  }
  const Clock::time_point before = next();
  enqueue(deadline, due);
  return due < before;
}

Clock::time_point DeadlineQueue::next() const noexcept {
  return queue_.empty() ? Clock::time_point::max() : queue_.begin()->queued_for_;
}

void DeadlineQueue::expire(Clock::time_point now) {
  while (!queue_.empty() && queue_.begin()->queued_for_ <= now) {
    Deadline& deadline = *queue_.begin();
    deadline.hook_.unlink();
    if (deadline.due_ <= now) {
      deadline.due_ = Clock::time_point::max();
      deadline.expired();
    } else if (deadline.due_ != Clock::time_point::max()) {
      enqueue(deadline, deadline.due_);
    }
  }
}

void DeadlineQueue::enqueue(Deadline& deadline, Clock::time_point time) {
  deadline.queued_for_ = time;
  queue_.insert(deadline);
}

}  // namespace waitlab
