#pragma once

#include <chrono>
#include <string>

namespace waitlab::client {

/// A time that is only about so: "45 s", "1 min 30 s", "2 h 5 min". Rounded up to seconds, from an hour on to minutes.
std::string rough_time(std::chrono::nanoseconds time);

}  // namespace waitlab::client
