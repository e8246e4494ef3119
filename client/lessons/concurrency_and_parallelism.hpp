#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace waitlab::client {

/// How long a thing took, and two of them by two threads from the beginning of the first to the end of the last.
struct PairSeen {
  std::chrono::nanoseconds one{0};
  std::chrono::nanoseconds on_one_cpu{0};
  std::optional<std::chrono::nanoseconds> on_two_cpus{};  ///< a CPU for each; nothing where there is only one
};

struct PairsSeen {
  PairSeen waiting{};
  PairSeen computing{};
};

/// Where two things took less than one and a half times as long as one: "all" (in all four cases), "three" (in all but
/// computing on one CPU), "cpus" (only on two CPUs), "waits" (only waiting), "none". Empty for anything else, and where
/// there is only one CPU.
std::string concurrency_answer(const PairsSeen& seen);

/// What these figures show, in sentences.
std::string concurrency_conclusion(const PairsSeen& seen);

/// When a thread ended the units of work that it did, as times since the beginning of all, ascending.
using Lane = std::vector<std::chrono::nanoseconds>;

/// That span in so many columns: '#' where the thread did something, '.' where it did not. `columns` at least 1.
std::string lane_text(const Lane& lane, std::chrono::nanoseconds span, std::size_t columns);

}  // namespace waitlab::client
