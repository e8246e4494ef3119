#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace waitlab::client {

/// What so many computing threads got done, and what became of a short request beside them.
struct CrowdSeen {
  unsigned threads = 0;
  double per_cpu_second = 0;  ///< units of work for each second of CPU time
  std::chrono::nanoseconds request_median{0};
  std::chrono::nanoseconds request_p99{0};  ///< of fewer than 100 requests: of the slowest
  std::size_t requests = 0;
};

struct CrowdsSeen {
  unsigned cpus = 1;
  std::chrono::nanoseconds request_work{0};  ///< CPU time that a request needs
  std::vector<CrowdSeen> crowds{};           ///< by their threads, ascending; the first has one for each CPU
  std::optional<double> quota{};             ///< CPUs' worth of time that control groups allow; none: no limit
  std::optional<double> throttled{};         ///< of the quota's periods, the share that it cut short
};

/// "neither", "throughput", "tail" or "both": what suffered under the largest crowd, beside the smallest. Throughput
/// does if more than a quarter of the work for each second of CPU time is gone, the tail if the p99 is at least 4 times
/// as long. Empty for fewer than two crowds, and
/// where the largest has fewer than 100 threads.
std::string too_many_threads_answer(const CrowdsSeen& seen);

/// What these figures show, in sentences.
std::string too_many_threads_conclusion(const CrowdsSeen& seen);

/// How long so much work takes beside so many threads that compute, if all have an even share of the CPUs.
std::chrono::nanoseconds evenly_shared(std::chrono::nanoseconds work, unsigned threads, unsigned cpus);

}  // namespace waitlab::client
