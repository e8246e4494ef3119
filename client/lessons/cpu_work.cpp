#include "client/lessons/cpu_work.hpp"

#include "common/process/process_stats.hpp"

#include <algorithm>
#include <numeric>

namespace waitlab::client {

CpuWork::CpuWork(std::uint64_t seed) : cells_(8192, seed) {}

void CpuWork::do_units(std::uint64_t units) {
  // Each cell needs the one before, so that no compiler does several at once.
  std::uint64_t last = cells_.back();
  for (; units > 0; --units) {
    for (std::uint64_t& cell : cells_)
      last = cell = cell + last * 6364136223846793005U + 1442695040888963407U;  // Knuth's MMIX generator
  }
}

std::uint64_t CpuWork::result() const {
  return std::accumulate(cells_.begin(), cells_.end(), std::uint64_t{0});
}

std::uint64_t units_of_work(std::chrono::nanoseconds cpu_time) {
  constexpr std::uint64_t units_of_a_trial = 64;
  CpuWork work(1);
  auto fastest = std::chrono::nanoseconds::max();
  for (int trial = 0; trial < 10; ++trial) {
    const auto begin = thread_cpu_time();
    work.do_units(units_of_a_trial);
    fastest = std::min(fastest, thread_cpu_time() - begin);
  }
  const double units = static_cast<double>(units_of_a_trial) * (std::chrono::duration<double>(cpu_time) / fastest);
  return std::max<std::uint64_t>(static_cast<std::uint64_t>(units), 1);
}

}  // namespace waitlab::client
