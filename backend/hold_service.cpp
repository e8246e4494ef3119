#include "backend/hold_service.hpp"

#include "backend/hold_length.hpp"

#include <fmt/format.h>

#include <utility>

namespace waitlab::backend {
namespace {

Outcome outcome_of(Fault fault) {
  switch (fault) {
    case Fault::error:
      return Outcome::failed;
    case Fault::reset_before:
      return Outcome::reset_before;
    case Fault::reset_in:
      return Outcome::reset_in;
    case Fault::stall:
      return Outcome::stalled;
    case Fault::drip:
      return Outcome::dripped;
    case Fault::none:
      break;
  }
  return Outcome::served;
}

}  // namespace

HoldCounts& HoldCounts::operator+=(const HoldCounts& other) {
  holding += other.holding;
  queued += other.queued;
  for (std::size_t outcome = 0; outcome < ended.size(); ++outcome)
    ended[outcome] += other.ended[outcome];
  return *this;
}

HoldService::HoldService(DelayProfile profile, TimeSource& time, Done log)
    : profile_(std::make_shared<const DelayProfile>(std::move(profile))),
      time_(time),
      start_(time.now()),
      log_(std::move(log)) {}

void HoldService::change(DelayProfile profile) {
  profile_ = std::make_shared<const DelayProfile>(std::move(profile));
  start_queued();
}

HoldService::Id HoldService::submit(HoldRequest request, Done done) {
  Holds::node_type hold = admit(std::move(request), std::move(done));
  const Id id = hold.key();
  if (queued_.empty() && !full()) {
    const TimeSource::TimePoint arrival = hold.mapped().arrival;
    start(std::move(hold), arrival);
  } else if (profile_->on_full == "reject") {
    end(hold.mapped(), Outcome::rejected);
  } else {
    enqueue(std::move(hold));
  }
  return id;
}

void HoldService::abandon(Id id) {
  if (Holds::node_type queued = queued_.extract(id)) {
    queued.mapped().done = nullptr;
    end_queued(std::move(queued), Outcome::aborted);
  } else if (Holds::node_type holding = holding_.extract(id)) {
    holding.mapped().done = nullptr;
    const bool stalls = holding.mapped().fault == Fault::stall;
    end_holding(std::move(holding), stalls ? Outcome::stalled : Outcome::aborted);
  }
}

HoldCounts HoldService::counts() const {
  HoldCounts counts = ended_;
  counts.holding = holding_.size();
  counts.queued = queued_.size();
  return counts;
}

HoldService::Holds::node_type HoldService::admit(HoldRequest request, Done done) {
  const Id id = ++last_id_;
  Hold hold{};
  hold.arrival = time_.now();
  hold.deadline = request.timeout ? hold.arrival + *request.timeout : TimeSource::TimePoint::max();
  hold.done = std::move(done);
  hold.profile = profile_;
  HoldRecord& record = hold.record;
  record.arrival = time_.unix_time(hold.arrival);
  record.request_id = request.request_id.empty() ? fmt::format("backend-{}", id) : std::move(request.request_id);
  record.route = std::move(request.route);
  record.drawn = request.delay ? *request.delay : draw_delay(*profile_, record.route, record.request_id);
  hold.fault = draw_fault(*profile_, record.route, record.request_id);
  record.error_status = profile_->faults.error_status;
  record.drip_pause = profile_->faults.drip_pause;
  Holds one;
  return one.extract(one.emplace(id, std::move(hold)).first);
}

bool HoldService::full() const {
  return profile_->concurrency != 0 && holding_.size() >= profile_->concurrency;
}

void HoldService::enqueue(Holds::node_type node) {
  Hold& hold = node.mapped();
  if (hold.deadline != TimeSource::TimePoint::max())
    hold.timer = time_.call_at(hold.deadline, [this, id = node.key()] { expire(id); });
  queued_.insert(std::move(node));
}

void HoldService::start(Holds::node_type node, TimeSource::TimePoint now) {
  Hold& hold = node.mapped();
  hold.started = now;
  hold.record.queued = now - hold.arrival;
  const auto length = hold_length(*hold.profile, hold.record.drawn, now - start_, holding_.size() + 1);
  hold.timer.reset();
  if (hold.fault != Fault::stall) hold.timer = time_.call_at(now + length, [this, id = node.key()] { finish(id); });
  holding_.insert(std::move(node));
}

void HoldService::start_queued() {
  while (!queued_.empty() && !full()) {
    Holds::node_type hold = queued_.extract(queued_.begin());
    const TimeSource::TimePoint now = time_.now();
    if (hold.mapped().deadline <= now) {
      end_queued(std::move(hold), Outcome::expired);
    } else {
      start(std::move(hold), now);
    }
  }
}

void HoldService::expire(Id id) {
  end_queued(queued_.extract(id), Outcome::expired);
}

void HoldService::finish(Id id) {
  Holds::node_type hold = holding_.extract(id);
  const Outcome outcome = outcome_of(hold.mapped().fault);
  end_holding(std::move(hold), outcome);
}

void HoldService::end_queued(Holds::node_type node, Outcome outcome) {
  Hold& hold = node.mapped();
  hold.record.queued = time_.now() - hold.arrival;
  end(hold, outcome);
}

void HoldService::end_holding(Holds::node_type node, Outcome outcome) {
  Hold& hold = node.mapped();
  hold.record.held = time_.now() - hold.started;
  start_queued();
  end(hold, outcome);
}

void HoldService::end(Hold& hold, Outcome outcome) {
  hold.record.outcome = outcome;
  ++ended_[outcome];
  log_(hold.record);
  if (hold.done) hold.done(hold.record);
}

}  // namespace waitlab::backend
