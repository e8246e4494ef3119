#pragma once

#include <chrono>
#include <system_error>

namespace waitlab {

/// Blocks the calling thread in poll until the descriptor is ready for one of `events` (POLLIN, POLLOUT), has an error
/// or has been hung up, which the next read or write will tell; or until the deadline has passed, and never before:
/// std::errc::timed_out. time_point::max() is no deadline. With one that has passed already it asks without waiting, so
/// what is ready is still found to be. A signal does not end it. It does not outlast `client`, a connection it is
/// waited for on behalf of: once that has been reset, std::errc::connection_aborted. Any other error is poll's own.
/// Thread-safe.
std::error_code wait_ready(int descriptor, short events, std::chrono::steady_clock::time_point deadline,
                           int client = -1) noexcept;

}  // namespace waitlab
