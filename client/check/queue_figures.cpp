#include "client/check/queue_figures.hpp"

#include "client/check/sample.hpp"

#include <cstddef>

namespace waitlab::client {

QueueFigures queue_figures(const std::vector<Stay>& stays, std::chrono::nanoseconds noticeable) {
  std::size_t waited = 0;
  std::vector<double> responses;
  responses.reserve(stays.size());
  for (const Stay& stay : stays) {
    if (stay.wait() > noticeable) ++waited;
    responses.push_back(Seconds(stay.response()).count());
  }
  return {.wait_share = static_cast<double>(waited) / static_cast<double>(stays.size()),
          .mean = Seconds(mean(responses)),
          .p99 = Seconds(quantile(responses, 0.99))};
}

}  // namespace waitlab::client
