#include "server/io/poll_set.hpp"

#include "server/activity/lane.hpp"

#include <poll.h>
#include <algorithm>
#include <cerrno>
#include <ctime>
#include <optional>
#include <utility>

namespace waitlab::server {

namespace {

/// What `advance` is not to be called for yet.
const std::error_code still_waiting = std::make_error_code(std::errc::operation_in_progress);

std::optional<timespec> left_until(PollSet::Clock::time_point time) {
  using namespace std::chrono_literals;
  if (time == PollSet::Clock::time_point::max()) return std::nullopt;
  const std::chrono::nanoseconds left = std::max<std::chrono::nanoseconds>(time - PollSet::Clock::now(), 0ns);
  const auto seconds = std::chrono::floor<std::chrono::seconds>(left);
  return timespec{seconds.count(), (left - seconds).count()};
}

}  // namespace

void PollSet::add(Entry& entry, std::coroutine_handle<> waiter) {
  entry.waiter_ = waiter;
  entries_.push_back(&entry);
}

void PollSet::run() {
  while (!entries_.empty()) {
    const std::vector<std::error_code> waited = wait();
    std::vector<Entry*> waiting;
    std::vector<Entry*> done;
    for (std::size_t index = 0; index < waited.size(); ++index) {
      Entry* const entry = entries_[index];
      const bool goes_on = waited[index] == still_waiting || !entry->advance(waited[index]);
      (goes_on ? waiting : done).push_back(entry);
    }
    entries_ = std::move(waiting);
    // What is resumed may add entries, and takes its own with it.
    for (Entry* const entry : done)
      entry->waiter_.resume();
  }
}

/// Blocks until something can go on; returns how each entry's wait ended.
std::vector<std::error_code> PollSet::wait() {
  std::vector<pollfd> polled;
  Clock::time_point earliest = Clock::time_point::max();
  for (const Entry* entry : entries_) {
    polled.push_back({entry->awaited_.descriptor, entry->awaited_.events, 0});
    earliest = std::min(earliest, entry->awaited_.until);
  }
  const std::optional<timespec> left = left_until(earliest);
  const Doing waiting(Activity::waiting);
  const bool failed = ::ppoll(polled.data(), polled.size(), left ? &*left : nullptr, nullptr) < 0 && errno != EINTR;
  const std::error_code failure(errno, std::system_category());
  const Clock::time_point now = Clock::now();
  std::vector<std::error_code> waited;
  for (std::size_t index = 0; index < entries_.size(); ++index) {
    const bool late = entries_[index]->awaited_.until <= now;
    std::error_code ended = late ? std::make_error_code(std::errc::timed_out) : still_waiting;
    if (polled[index].revents != 0) ended = {};
    waited.push_back(failed ? failure : ended);
  }
  return waited;
}

}  // namespace waitlab::server
