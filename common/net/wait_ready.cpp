#include "common/net/wait_ready.hpp"

#include <poll.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <limits>

namespace waitlab {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int without_end = -1;
constexpr int longest_wait = std::numeric_limits<int>::max();

/// In poll's milliseconds, rounded up so that no wait ends before its deadline.
int timeout_until(Clock::time_point deadline) noexcept {
  if (deadline == Clock::time_point::max()) return without_end;
  const Clock::time_point now = Clock::now();
  if (deadline <= now) return 0;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - now);
  return static_cast<int>(std::min<std::int64_t>(left.count(), longest_wait));
}

}  // namespace

std::error_code wait_ready(int descriptor, short events, Clock::time_point deadline, int client) noexcept {
  for (;;) {
    // Of a descriptor of which no event is wanted, poll tells errors and the end of both ways, and skips a negative
    // one.
    std::array<pollfd, 2> polled{{{descriptor, events, 0}, {client, 0, 0}}};
    const int timeout = timeout_until(deadline);
    const int ready = ::poll(polled.data(), client < 0 ? 1 : polled.size(), timeout);
    if (ready > 0) return polled[0].revents != 0 ? std::error_code() : make_error_code(std::errc::connection_aborted);
    if (ready == 0 && timeout != longest_wait) return std::make_error_code(std::errc::timed_out);
    if (ready < 0 && errno != EINTR) return {errno, std::system_category()};
  }
}

}  // namespace waitlab
