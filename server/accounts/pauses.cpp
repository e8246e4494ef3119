#include "server/accounts/pauses.hpp"

#include "common/splitmix64.hpp"

#include <algorithm>

namespace waitlab::server {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;

nanoseconds pause_before_look(nanoseconds waited, std::uint32_t ahead) noexcept {
  constexpr nanoseconds least = microseconds(50);
  constexpr nanoseconds most = milliseconds(1);
  constexpr nanoseconds most_behind = milliseconds(20);
  constexpr nanoseconds for_each_ahead = microseconds(250);
  const nanoseconds longest = std::clamp(for_each_ahead * ahead, most, most_behind);
  return std::clamp(waited / 8, least, longest);
}

nanoseconds pause_before_retry(std::uint64_t seed, std::uint32_t retries) noexcept {
  constexpr std::uint32_t most_doublings = 8;
  const nanoseconds longest = milliseconds(1) * (1U << std::min(retries, most_doublings));
  return nanoseconds(1 + splitmix64(seed, retries) % static_cast<std::uint64_t>(longest.count()));
}

}  // namespace waitlab::server
