#include "client/record/load_result.hpp"

#include "common/clock/seconds.hpp"

namespace waitlab::client {

double StepResult::achieved_rate() const noexcept {
  return per_second(record.completed_in_window, window);
}

double LoadResult::achieved_rate() const noexcept {
  return per_second(record.completed_in_window, window);
}

double LoadResult::good_rate() const noexcept {
  return per_second(record.completed_in_window - record.unwanted_in_window, window);
}

}  // namespace waitlab::client
