#include "client/check/replay.hpp"

#include "client/check/sample.hpp"

#include <algorithm>
#include <chrono>
#include <functional>
#include <queue>

namespace waitlab::client {

using std::chrono::nanoseconds;

ReplayResidual replay(const std::vector<Stay>& stays, unsigned threads) {
  // The latest ends so far, as many as there are threads: from the first of them on, a thread is free.
  std::priority_queue<nanoseconds, std::vector<nanoseconds>, std::greater<>> ends(
      std::greater<>(), std::vector<nanoseconds>(threads, nanoseconds::min()));
  std::vector<double> residuals;
  residuals.reserve(stays.size());
  for (const Stay& stay : stays) {
    const nanoseconds ideal = std::max(stay.enqueued, ends.top());
    residuals.push_back(Seconds(std::chrono::abs(stay.started - ideal)).count());
    ends.push(stay.ended);
    ends.pop();
  }
  return {.p50 = Seconds(quantile(residuals, 0.5)), .p99 = Seconds(quantile(residuals, 0.99))};
}

}  // namespace waitlab::client
