#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace waitlab::server {

/// What a thread or a request does at a moment. A thread is idle when it has nothing to do, and waits when it is held
/// by something that does not come yet; it is never queued. It is locked when another thread has a mutex that it wants.
/// A request is never locked, and one that is idle is none: its connection has no request now.
enum class Activity : std::uint8_t { idle, queued, running, waiting, locked };
inline constexpr std::array<std::string_view, 5> activity_names = {"idle", "queued", "running", "waiting", "locked"};

inline std::string_view name_of(Activity activity) noexcept {
  return activity_names[static_cast<std::size_t>(activity)];
}

}  // namespace waitlab::server
