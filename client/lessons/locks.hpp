#pragma once

#include "client/lessons/lesson.hpp"

#include <array>
#include <cstddef>
#include <string>

namespace waitlab::client {

/// How many times as much some threads do as one, of pieces of work of which this share, in [0, 1], is done under one
/// lock. By Amdahl's law (Amdahl 1967), that share is done while nobody else does anything.
double amdahl_speed_up(double share, unsigned threads);

/// The same at most: others may work outside the lock meanwhile, so that only the lock itself is the limit.
double highest_speed_up(double share, unsigned threads);

/// The shares of the work that are tried.
inline constexpr std::array<double, 5> lock_shares{0, 0.25, 0.5, 0.75, 1};
inline constexpr std::size_t half_share = 2;  ///< index of half among them

/// How threads fared with one lock.
struct LockFigures {
  unsigned threads = 2;
  bool one_cpu = false;                                ///< for all of them
  std::array<double, lock_shares.size()> speed_ups{};  ///< of long pieces, against one thread
  double short_speed_up = 0;                           ///< of short pieces, half of each under the lock
  double long_sleeps = 0;                              ///< voluntary switches for each lock, long pieces, half under it
  double short_sleeps = 0;
  double long_in_a_row = 0;  ///< locks that a thread takes before another has its turn
  double empty_in_a_row = 0;
  double long_busiest = 0;  ///< share of the locks that the thread with the most had, long pieces, all under it
  double empty_busiest = 0;
  double empty_rate = 0;  ///< locks per second of all threads, around nothing
  double empty_rate_alone = 0;

  double half_under_lock() const { return speed_ups[half_share]; }
};

/// Which pieces the threads get more done of than one thread does: at least 1.15 times as much.
std::string locks_answer(const LockFigures& figures);

/// What it shows, in sentences.
std::string locks_conclusion(const LockFigures& figures);

}  // namespace waitlab::client
