#pragma once

#include "client/lessons/lesson.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace waitlab::client {

// What the lesson `python` measures, and what it makes of it.

/// How long the same requests took that compute, all together: the fastest of several times. `work` is the CPU time
/// that they need in all, so that none that take turns can be done sooner, however quiet or busy the machine is.
struct ComputeTimes {
  std::chrono::nanoseconds work{0};
  std::chrono::nanoseconds threading_one{0};   ///< by one connection
  std::chrono::nanoseconds threading_two{0};   ///< by two; so are those below
  std::chrono::nanoseconds threading_four{0};  ///< by four
  std::chrono::nanoseconds futures{0};
  std::chrono::nanoseconds asyncio{0};
  std::optional<std::chrono::nanoseconds> processes;  ///< none if both connections came to one process
  std::chrono::nanoseconds cpp_one{0};
  std::chrono::nanoseconds cpp_two{0};

  /// Whether requests that took this long computed at the same time: with a margin, as half of `work` is what two
  /// can come to.
  bool side_by_side(std::chrono::nanoseconds took) const { return took < work * 3 / 4; }
};

/// Of requests that wait, beside 0 to 3 connections that compute.
struct WaitsBeside {
  std::string server;
  std::array<std::vector<std::chrono::nanoseconds>, 4> took;  ///< ascending; empty where none was answered

  /// Nearest rank: of fewer than 100 the p99 is the slowest. Nothing where none was answered.
  std::optional<std::chrono::nanoseconds> quantile(unsigned computing, double share) const;
};

/// How many of two threads' increments were lost.
struct LostIncrements {
  std::uint64_t of = 0;
  std::uint64_t plain = 0;      ///< by `counter += 1`
  std::uint64_t with_call = 0;  ///< with a call between the read and the write
};

struct PythonSeen {
  std::string interpreter;  ///< "CPython 3.11.2"
  bool has_gil = true;      ///< as the server says
  unsigned cpus = 1;        ///< that it may use
  unsigned waits = 0;       ///< of 50 ms, on a connection each
  std::chrono::nanoseconds one_wait{0};
  std::chrono::nanoseconds waited{0};  ///< for all of them, under threading
  ComputeTimes compute;
  WaitsBeside threading;
  WaitsBeside asyncio;
  WaitsBeside cpp;
  std::optional<LostIncrements> lost;

  bool waits_overlap() const { return waited < one_wait * waits / 2; }
};

/// "waits", "both" or "neither"; empty where two threads of C++ gained nothing either, so that nothing can be said.
std::string python_answer(const PythonSeen& seen);

LessonOutcome tell_python(const PythonSeen& seen);

}  // namespace waitlab::client
