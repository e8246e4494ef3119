#include "client/engine/feed.hpp"

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

ClosedFeed::ClosedFeed(const Timeline& timeline, unsigned index, unsigned threads,
                       std::optional<std::uint64_t> requests)
    : timeline_(timeline), threads_(threads), remaining_(requests), n_(index) {}

std::optional<Ticket> ClosedFeed::due(Clock::time_point now) {
  if (now < timeline_.start || now >= timeline_.measure_until || remaining_ == 0) return std::nullopt;
  return ticket(now);
}

Ticket ClosedFeed::take(Clock::time_point now) {
  const Ticket taken = ticket(now);
  if (remaining_ && taken.measured) --*remaining_;
  n_ += threads_;
  return taken;
}

Ticket ClosedFeed::ticket(Clock::time_point now) const {
  return {n_, now, now >= timeline_.measure_from};
}

// Once the load has begun, only a response makes the next request due.
std::optional<Clock::time_point> ClosedFeed::next_due(Clock::time_point now) const {
  if (now >= timeline_.start) return std::nullopt;
  return timeline_.start;
}

}  // namespace waitlab::client
