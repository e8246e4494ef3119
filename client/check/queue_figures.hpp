#pragma once

#include "client/check/stay.hpp"
#include "client/theory/seconds.hpp"

#include <chrono>
#include <vector>

namespace waitlab::client {

/// What tells one queue from another. Real and simulated runs are measured by the same code.
struct QueueFigures {
  double wait_share = 0;  ///< of the requests that waited longer than is noticeable
  Seconds mean{0};        ///< response times, as is the next
  Seconds p99{0};
};

/// `noticeable`: handing a request to a free thread takes a moment as well, which must not count as waiting. `stays`
/// must not be empty.
QueueFigures queue_figures(const std::vector<Stay>& stays, std::chrono::nanoseconds noticeable);

}  // namespace waitlab::client
