#pragma once

#include "client/lessons/lesson.hpp"

#include <chrono>
#include <string>

namespace waitlab::client {

/// What was measured for lesson `waiting`: how long some calls took, each of which waits for so long.
struct Waited {
  unsigned calls = 0;
  std::chrono::nanoseconds wait{0};        ///< of a call
  std::chrono::nanoseconds one_thread{0};  ///< all of them, one after the other
  std::chrono::nanoseconds threads{0};     ///< on a thread each
  std::chrono::nanoseconds loop{0};        ///< on one thread that waits for all of them in one place
  std::chrono::nanoseconds fan_out{0};     ///< the slowest of ten, on average

  std::chrono::nanoseconds all_in_turn() const { return calls * wait; }
};

/// Who overlapped the waits, that is, was done in less than a quarter of the time that all of them take in turn:
/// "both", "threads", "loop" or "none".
std::string waiting_answer(const Waited& waited);

/// What it shows, in sentences.
std::string waiting_conclusion(const Waited& waited);

}  // namespace waitlab::client
