#include "client/lessons/racing_threads.hpp"

#include "client/lessons/measure.hpp"

#include <atomic>
#include <functional>

namespace waitlab::client {
namespace {

using RaceClock = std::chrono::steady_clock;

void add_by_load_and_store(std::atomic<std::uint64_t>& number, std::uint64_t times) {
  constexpr auto relaxed = std::memory_order_relaxed;
  for (std::uint64_t time = 0; time < times; ++time)
    number.store(number.load(relaxed) + 1, relaxed);
}

/// A data race on purpose, to show what an optimiser makes of a loop that nobody else may touch: two threads call it
/// with the same number. Nothing depends on the number but the figure that is shown. Not inlined, as what its callers
/// do would be optimised by the same assumption.
[[gnu::noinline, gnu::no_sanitize_thread]] void add_plainly(std::uint64_t& number, std::uint64_t times) {
  for (std::uint64_t time = 0; time < times; ++time)
    ++number;
}

/// What both threads do, with how long the first took.
std::chrono::nanoseconds loop_of_two(const std::vector<int>& cpus, const std::function<void()>& loop) {
  std::chrono::nanoseconds took{0};
  time_together(2, cpus, [&](unsigned thread) {
    const auto begin = RaceClock::now();
    loop();
    if (thread == 0) took = RaceClock::now() - begin;
  });
  return took;
}

double lost_of(std::uint64_t counted, std::uint64_t each) {
  return 1 - static_cast<double>(counted) / (2 * static_cast<double>(each));
}

}  // namespace

RacedCount count_with_load_and_store(std::uint64_t each, const std::vector<int>& cpus) {
  std::atomic<std::uint64_t> number{0};
  const auto loop = loop_of_two(cpus, [&] { add_by_load_and_store(number, each); });
  return {.lost = lost_of(number, each), .loop = loop};
}

RacedCount count_with_plain_integer(std::uint64_t each, const std::vector<int>& cpus) {
  std::uint64_t number = 0;
  const auto loop = loop_of_two(cpus, [&] { add_plainly(number, each); });
  return {.lost = lost_of(number, each), .loop = loop};
}

}  // namespace waitlab::client
