#pragma once

#include "client/engine/feed.hpp"
#include "client/engine/timeline.hpp"

namespace waitlab::client {

/// Closed loop: a request is due whenever a connection is free to carry it.
class ClosedFeed final : public Feed {
 public:
  /// Thread `index` of `threads` numbers its requests index, index + threads, … and sends `requests` measured ones, or
  /// any number if that is empty.
  ClosedFeed(const Timeline& timeline, unsigned index, unsigned threads, std::optional<std::uint64_t> requests);

  std::optional<Ticket> due(Clock::time_point now) override;
  Ticket take(Clock::time_point now) override;
  std::optional<Clock::time_point> next_due(Clock::time_point now) const override;

 private:
  Ticket ticket(Clock::time_point now) const;

  Timeline timeline_;
  unsigned threads_;
  std::optional<std::uint64_t> remaining_;
  std::uint64_t n_;
};

}  // namespace waitlab::client
