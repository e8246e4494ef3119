#pragma once

#include "client/lessons/lesson.hpp"

#include <string>

namespace waitlab::client {

/// How many counts per second each way of counting came to: all threads together, or one alone.
struct CountingRates {
  unsigned threads = 2;
  bool own_cores = true;  ///< each thread ran on a core of its own

  double mutex_alone = 0;   ///< one thread, and so the next two
  double atomic_alone = 0;  ///< atomic additions
  double own_alone = 0;     ///< load, add, store, which does where nobody else writes

  double mutex = 0;
  double atomic = 0;
  double side_by_side = 0;  ///< a counter for each thread, all in one cache line
  double apart_64 = 0;      ///< the same, 64 bytes from one to the next
  double apart_128 = 0;
  double messages = 0;  ///< each thread counts for itself and sends its sums

  double apart() const { return apart_64 > apart_128 ? apart_64 : apart_128; }
};

/// Which way of counting let the threads count faster: a way is as good as the best of the padded ones if it comes to
/// two thirds of them.
std::string counting_answer(const CountingRates& rates);

/// What it shows, in sentences.
std::string counting_conclusion(const CountingRates& rates);

}  // namespace waitlab::client
