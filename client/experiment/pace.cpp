#include "client/experiment/pace.hpp"

#include <algorithm>

namespace waitlab::client {

Pace::Pace(std::chrono::nanoseconds planned, std::size_t runs) : planned_(planned), runs_(runs) {}

void Pace::count_made() {
  const auto now = Clock::now();
  spent_ += now - mark_;
  mark_ = now;
  ++made_;
}

void Pace::skip(std::size_t runs) {
  mark_ = Clock::now();
  skipped_ += runs;
}

std::size_t Pace::current() const {
  return std::min(made_ + skipped_ + 1, runs_);
}

std::chrono::nanoseconds Pace::left() const {
  const std::chrono::nanoseconds of_run = made_ == 0
                                              ? planned_ / static_cast<std::int64_t>(std::max<std::size_t>(runs_, 1))
                                              : spent_ / static_cast<std::int64_t>(made_);
  const auto expected = of_run * static_cast<std::int64_t>(runs_ - made_ - skipped_);
  return std::max(expected - std::chrono::nanoseconds(Clock::now() - mark_), std::chrono::nanoseconds(0));
}

}  // namespace waitlab::client
