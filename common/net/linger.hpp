#pragma once

#include <chrono>

namespace waitlab {

/// A connection that is to end is still read from, once sending has ended, until nothing has come of its client for so
/// long: to close it with bytes unread would reset it, and could take the last answer with it (RFC 9112 section 9.6).
inline constexpr std::chrono::seconds linger_pause{1};

}  // namespace waitlab
