#pragma once

#include "client/engine/feed.hpp"
#include "client/schedule/arrival_plan.hpp"

namespace waitlab::client {

/// Open loop: requests are due when the plan says so, whatever happened to the ones before.
class OpenFeed final : public Feed {
 public:
  OpenFeed(ArrivalPlan plan, Clock::time_point start);

  std::optional<Ticket> due(Clock::time_point now) override;
  Ticket take(Clock::time_point now) override;
  std::optional<Clock::time_point> next_due(Clock::time_point now) const override;

 private:
  Ticket ticket() const;

  ArrivalPlan plan_;
  Clock::time_point start_;
};

}  // namespace waitlab::client
