#include "client/record/load_result.hpp"

namespace waitlab::client {

namespace {

double per_second(std::uint64_t count, std::chrono::nanoseconds window) noexcept {
  const double seconds = std::chrono::duration<double>(window).count();
  return seconds > 0 ? static_cast<double>(count) / seconds : 0.0;
}

}  // namespace

double StepResult::achieved_rate() const noexcept {
  return per_second(record.completed_in_window, window);
}

double LoadResult::achieved_rate() const noexcept {
  return per_second(record.completed_in_window, window);
}

}  // namespace waitlab::client
