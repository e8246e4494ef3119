#include "server/io/poll_set.hpp"

#include "server/counts/thread_track.hpp"

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

std::optional<timespec> left_until(Call::Clock::time_point time) {
  using namespace std::chrono_literals;
  if (time == Call::Clock::time_point::max()) return std::nullopt;
  const std::chrono::nanoseconds left = std::max<std::chrono::nanoseconds>(time - Call::Clock::now(), 0ns);
  const auto seconds = std::chrono::floor<std::chrono::seconds>(left);
  return timespec{seconds.count(), (left - seconds).count()};
}

}  // namespace

void PollSet::run() {
  while (!calls_.empty()) {
    const std::vector<std::error_code> waited = wait();
    std::vector<Call*> waiting;
    std::vector<Call*> done;
    for (std::size_t index = 0; index < waited.size(); ++index) {
      Call* const call = calls_[index];
      const bool goes_on = waited[index] == still_waiting || !call->advance(waited[index]);
      (goes_on ? waiting : done).push_back(call);
    }
    calls_ = std::move(waiting);
    // What is resumed may add calls, and takes its own with it.
    for (const Call* call : done)
      call->resume();
  }
}

/// Blocks until something can go on; returns how each call's wait ended.
std::vector<std::error_code> PollSet::wait() {
  std::vector<pollfd> polled;
  Call::Clock::time_point earliest = Call::Clock::time_point::max();
  for (const Call* call : calls_) {
    polled.push_back({call->socket() == nullptr ? -1 : call->socket()->native_handle(), call->events(), 0});
    earliest = std::min(earliest, call->until());
  }
  const std::optional<timespec> left = left_until(earliest);
  const ScopedActivity waiting(Activity::waiting);
  const bool failed = ::ppoll(polled.data(), polled.size(), left ? &*left : nullptr, nullptr) < 0 && errno != EINTR;
  const std::error_code failure(errno, std::system_category());
  const Call::Clock::time_point now = Call::Clock::now();
  std::vector<std::error_code> waited;
  for (std::size_t index = 0; index < calls_.size(); ++index) {
    const bool late = calls_[index]->until() <= now;
    std::error_code ended = late ? std::make_error_code(std::errc::timed_out) : still_waiting;
    if (polled[index].revents != 0) ended = {};
    waited.push_back(failed ? failure : ended);
  }
  return waited;
}

}  // namespace waitlab::server
