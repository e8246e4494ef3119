#pragma once

#include "common/asio/deadline_queue.hpp"

#include <vector>

namespace waitlab::client {

/// A part of a run, its end excluded.
struct Span {
  Clock::time_point begin;
  Clock::time_point end;

  bool holds(Clock::time_point moment) const noexcept { return begin <= moment && moment < end; }
};

/// The moments of a run that all its threads share.
struct Timeline {
  Clock::time_point start;          ///< the first request may start
  Clock::time_point measure_from;   ///< the warm-up is over
  Clock::time_point measure_until;  ///< no request starts any more; time_point::max() if only a count ends the run
  std::vector<Clock::time_point> step_begins{measure_from};  ///< of a load whose rate changes; else one
  std::vector<Span> second_halves{};                         ///< of each step of an open loop, as planned
};

}  // namespace waitlab::client
