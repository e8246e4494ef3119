#pragma once

#include "client/lessons/lesson.hpp"

#include <chrono>
#include <string>

namespace waitlab::client {

/// The response times of requests that wait for the backend, while others read a file.
struct WaitTimes {
  std::chrono::nanoseconds p50{0};
  std::chrono::nanoseconds p90{0};
  std::chrono::nanoseconds p99{0};
};

/// What was seen of reads and of those who waited meanwhile.
struct ReadsAndWaits {
  std::chrono::nanoseconds cold{0};     ///< a read of all of the file, past the page cache
  std::chrono::nanoseconds warm{0};     ///< the same from the page cache
  std::chrono::nanoseconds served{0};   ///< a read as the server's pool does it, past the page cache
  std::chrono::nanoseconds backend{0};  ///< how long it holds a request
  double reads_per_second = 0;
  WaitTimes loop;
  WaitTimes pool;  ///< the loop with a pool of threads that read
};

/// What `quantile` of the waits is, in [0, 1), if a loop does nothing else while it reads: requests that come at random
/// moments find it reading for a share of time, and wait for what is left of a read (Wolff 1982: Poisson arrivals see
/// time averages). Reads that queue for each other are not counted in.
std::chrono::nanoseconds expected_wait(const ReadsAndWaits& seen, double quantile);

/// How many of 1,000 requests are to read, for reads to fill a fifth of the time.
unsigned reads_of_a_thousand(std::chrono::nanoseconds cold, double requests_per_second);

/// Whose response times the reads lengthen, by p90, as p99 has more of chance: the loop's count as longer if they grew
/// by half of what is expected, the pool's if they grew by two thirds of the loop's, or by half of what is expected
/// where the loop's did not.
/// Empty if with the pool even p50 is twice what the backend takes: then it is something else that everyone waits for.
/// Empty as well if less than 1 ms is expected, which chance may hide, or if only the pool's grew.
std::string files_answer(const ReadsAndWaits& seen);

/// What it shows, in sentences.
std::string files_conclusion(const ReadsAndWaits& seen);

}  // namespace waitlab::client
