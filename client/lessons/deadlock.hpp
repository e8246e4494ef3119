#pragma once

#include "client/lessons/crossing_threads.hpp"
#include "client/lessons/lesson.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace waitlab::client {

/// What became of the server's transfers with one way to lock.
struct TransferRace {
  std::string locking;
  std::uint64_t transfers = 0;  ///< above 0
  std::uint64_t deadlocks = 0;
  std::uint64_t retries = 0;
};

/// What was measured for lesson `deadlock`.
struct Deadlocked {
  std::optional<Crossings> crossed{};         ///< on all CPUs; nothing: not measured, as the next
  std::optional<Crossings> crossed_on_one{};  ///< on one CPU, where there are more
  std::optional<Crossings> ordered{};
  std::vector<TransferRace> transfers{};
  std::size_t pools = 0;         ///< times that a pool of 2 did tasks that wait for tasks of it
  std::size_t stuck_pools = 0;   ///< of them
  std::size_t stuck_larger = 0;  ///< of as many pools of 3
  std::vector<std::string> missing{};
};

/// How often the crossed locks came to a deadlock: "never", "sometimes", in less than a fifth of the rounds, or
/// "often"; empty if they were not taken.
std::string deadlock_answer(const Deadlocked& seen);

/// The figures beside those of the explorer, and what they show. `seed`: of the schedules that are sampled.
LessonOutcome deadlock_outcome(const Deadlocked& seen, std::uint64_t seed);

}  // namespace waitlab::client
