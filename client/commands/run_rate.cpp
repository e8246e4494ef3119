#include "client/commands/run_rate.hpp"

namespace waitlab::client {

bool RunRate::renew(const LoadProgress& progress) {
  const std::chrono::duration<double> since = progress.elapsed - elapsed_;
  if (since < std::chrono::seconds(1)) return false;
  per_second_ = static_cast<double>(progress.completed - completed_) / since.count();
  elapsed_ = progress.elapsed;
  completed_ = progress.completed;
  return true;
}

}  // namespace waitlab::client
