#include "client/check/replay.hpp"

#include "client/check/fifo_pool.hpp"
#include "client/check/sample.hpp"

#include <algorithm>
#include <chrono>

namespace waitlab::client {

ReplayResidual replay(const std::vector<Stay>& stays, unsigned threads) {
  FifoPool pool(threads);
  std::vector<double> residuals;
  residuals.reserve(stays.size());
  for (const Stay& stay : stays) {
    const auto ideal = pool.start(stay.enqueued, stay.hold());
    residuals.push_back(Seconds(std::chrono::abs(stay.started - ideal)).count());
  }
  return {.p50 = Seconds(quantile(residuals, 0.5)),
          .p99 = Seconds(quantile(residuals, 0.99)),
          .max = Seconds(*std::max_element(residuals.begin(), residuals.end()))};
}

}  // namespace waitlab::client
