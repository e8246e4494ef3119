#include "server/handlers/cpu_work.hpp"

#include <cstdint>
#include <ctime>

namespace waitlab::server {

namespace {

constexpr int rounds_between_looks = 2'000;  // a few microseconds: the clock is a system call

std::chrono::nanoseconds thread_cpu_time() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

}  // namespace

void burn_cpu(std::chrono::nanoseconds work) {
  const auto end = thread_cpu_time() + work;
  volatile std::uint64_t sink = 0;
  while (thread_cpu_time() < end) {
    for (int round = 0; round < rounds_between_looks; ++round)
      sink = sink * 6364136223846793005U + 1442695040888963407U;
  }
}

}  // namespace waitlab::server
