#include "client/engine/open_feed.hpp"

#include <utility>

namespace waitlab::client {

OpenFeed::OpenFeed(ArrivalPlan plan, Clock::time_point start) : plan_(std::move(plan)), start_(start) {}

std::optional<Ticket> OpenFeed::due(Clock::time_point now) {
  const auto next = next_due(now);
  if (!next || *next > now) return std::nullopt;
  return ticket();
}

Ticket OpenFeed::take(Clock::time_point) {
  const Ticket taken = ticket();
  plan_.advance();
  return taken;
}

std::optional<Clock::time_point> OpenFeed::next_due(Clock::time_point) const {
  const auto& next = plan_.next();
  if (!next) return std::nullopt;
  return start_ + next->offset;
}

Ticket OpenFeed::ticket() const {
  const Arrival& next = *plan_.next();
  return {next.n, start_ + next.offset, next.measured, next.step};
}

}  // namespace waitlab::client
