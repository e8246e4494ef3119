#include "client/record/load_result.hpp"

namespace waitlab::client {

double LoadResult::achieved_rate() const noexcept {
  const double seconds = std::chrono::duration<double>(window).count();
  return seconds > 0 ? static_cast<double>(record.completed_in_window) / seconds : 0.0;
}

}  // namespace waitlab::client
