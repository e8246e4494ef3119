#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace waitlab::client {

/// Work that needs a CPU and memory of its own, 64 KiB, as much as a cache next to a CPU may hold; in units of some ten
/// microseconds, which are alike. One for each thread.
class CpuWork {
 public:
  /// Two of the same seed do the same.
  explicit CpuWork(std::uint64_t seed);

  void do_units(std::uint64_t units);

  /// What came of it: whoever reads this keeps the compiler from leaving the work out.
  std::uint64_t result() const;

 private:
  std::vector<std::uint64_t> cells_;
};

/// How many units take about that much CPU time, at least one; by the fastest of some trials, a millisecond's work
/// each.
std::uint64_t units_of_work(std::chrono::nanoseconds cpu_time);

}  // namespace waitlab::client
