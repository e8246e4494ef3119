#pragma once

#include "client/lessons/lesson.hpp"
#include "client/lessons/racing_threads.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace waitlab::client {

/// What a server's counter lost under one strategy.
struct ServerRace {
  std::string strategy;
  unsigned workers = 1;  ///< threads that may count at once
  double lost = 0;       ///< share of the increments that were asked for
};

/// What was measured for lesson `race`.
struct Raced {
  std::uint64_t each = 0;            ///< increments of a thread in a long run
  std::uint64_t each_briefly = 0;    ///< and in a short one
  std::optional<double> two_cpus{};  ///< share lost; nothing where there are no two, or it was not measured
  std::optional<double> one_cpu{};
  std::optional<double> briefly{};  ///< on one CPU
  std::optional<RacedCount> plain{};
  std::vector<ServerRace> servers{};
  std::vector<std::string> missing{};
};

/// Which of the long runs lost more than one increment in a thousand: "both", "two" or "neither"; empty if one of them
/// was not measured, or only that on one CPU lost any.
std::string race_answer(const Raced& raced);

/// The figures beside those of the explorer, and what they show.
LessonOutcome race_outcome(const Raced& raced);

}  // namespace waitlab::client
