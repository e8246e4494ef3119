#include "client/engine/closed_feed.hpp"

namespace waitlab::client {

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
