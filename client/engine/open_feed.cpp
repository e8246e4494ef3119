#include "client/engine/open_feed.hpp"

#include <utility>

namespace waitlab::client {

OpenFeed::OpenFeed(ArrivalPlan plan, Clock::time_point start) : plan_(std::move(plan)), start_(start) {}

std::optional<Ticket> OpenFeed::due(Clock::time_point now) {
  const auto& next = plan_.next();
  if (!next || start_ + next->offset > now) return std::nullopt;
  return Ticket{next->n, start_ + next->offset, next->measured};
}

void OpenFeed::take() {
  plan_.advance();
}

std::optional<Clock::time_point> OpenFeed::next_due(Clock::time_point) const {
  const auto& next = plan_.next();
  if (!next) return std::nullopt;
  return start_ + next->offset;
}

}  // namespace waitlab::client
