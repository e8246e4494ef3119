#pragma once

#include <chrono>

namespace waitlab::server {

/// The most CPU time one request may burn.
inline constexpr std::chrono::seconds most_work{10};

/// Burns that much CPU time of the calling thread. CPU time, not wall time: a thread that is preempted meanwhile has as
/// much left to do as before, so the work is the same under every strategy.
void burn_cpu(std::chrono::nanoseconds work);

}  // namespace waitlab::server
