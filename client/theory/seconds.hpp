#pragma once

#include <chrono>

namespace waitlab::client {

/// Time as formulas want it.
using Seconds = std::chrono::duration<double>;

}  // namespace waitlab::client
