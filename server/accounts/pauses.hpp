#pragma once

#include <chrono>
#include <cstdint>

namespace waitlab::server {

/// How long a transfer that waits for a lock pauses before it looks again whether it has it. Nobody wakes it, since it
/// may wait in another way, or in another process, than whoever gives the lock back. `waited`: how long it has waited
/// by now; `ahead`: how many are served before it. An eighth of the wait, but for the next in line never more than a
/// millisecond; those further behind look the more rarely, as a thousand that all looked so often would keep a loop
/// from its work, and never less often than fifty times a second, so that a victim is soon away.
std::chrono::nanoseconds pause_before_look(std::chrono::nanoseconds waited, std::uint32_t ahead) noexcept;

/// How long a transfer that found its second account locked stays away before it tries again: a random time, which
/// depends on the seed and on how often it has retried. At most a millisecond at first, and twice as much each time, to
/// a quarter of a second: two that get in each other's way could do so for ever if they paused equally long.
std::chrono::nanoseconds pause_before_retry(std::uint64_t seed, std::uint32_t retries) noexcept;

}  // namespace waitlab::server
