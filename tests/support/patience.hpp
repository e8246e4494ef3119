#pragma once

#include <chrono>

namespace waitlab {

/// How long a test waits for what a program does at once: only one that hangs takes as long.
inline constexpr std::chrono::seconds patience{60};

}  // namespace waitlab
