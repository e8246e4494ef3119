#pragma once

#include "backend/hold_record.hpp"
#include "backend/time_source.hpp"
#include "common/delay/delay_profile.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace waitlab::backend {

/// What a caller asks for.
struct HoldRequest {
  std::string request_id;  ///< empty: the service makes one up
  std::string route;
  std::optional<std::chrono::nanoseconds> delay;    ///< instead of the profile's draw
  std::optional<std::chrono::nanoseconds> timeout;  ///< from arrival; a hold still queued then expires
};

struct HoldCounts {
  std::size_t holding = 0;  ///< now
  std::size_t queued = 0;   ///< now
  std::array<std::uint64_t, outcome_names.size()> ended{};

  std::uint64_t& operator[](Outcome outcome) { return ended[static_cast<std::size_t>(outcome)]; }
  std::uint64_t operator[](Outcome outcome) const { return ended[static_cast<std::size_t>(outcome)]; }
  HoldCounts& operator+=(const HoldCounts& other);
};

/// Holds requests for as long as the profile says, at most `concurrency` at once and the rest in a first-in-first-out
/// queue, and decides which fault befalls them. Knows nothing of sockets. One thread; the time source must outlive it.
class HoldService {
 public:
  using Id = std::uint64_t;
  using Done = std::function<void(const HoldRecord&)>;

  /// `log` hears of every hold that ended, before its caller does. The profile must have been prepared. Brownouts are
  /// counted from here.
  HoldService(DelayProfile profile, TimeSource& time, Done log);

  /// Of the holds that arrive from now on; those that are there keep theirs. The cap is that of now for all.
  void change(DelayProfile profile);
  const DelayProfile& profile() const { return *profile_; }

  /// Begins a hold. `done` is called once, when it is held for its time, rejected or expired; a rejection comes before
  /// this returns. `done` may call the service.
  Id submit(HoldRequest request, Done done);

  /// Ends a hold whose caller left: its slot is free at once, and its `done` is never called. Does nothing for a hold
  /// that has ended.
  void abandon(Id id);

  HoldCounts counts() const;

 private:
  struct Hold {
    HoldRecord record;
    TimeSource::TimePoint arrival;
    TimeSource::TimePoint deadline;
    TimeSource::TimePoint started;
    std::shared_ptr<const DelayProfile> profile;  ///< as it was on arrival
    Fault fault = Fault::none;
    Done done;
    std::unique_ptr<Timer> timer;
  };
  using Holds = std::map<Id, Hold>;

  Holds::node_type admit(HoldRequest request, Done done);
  bool full() const;
  void enqueue(Holds::node_type hold);
  void start(Holds::node_type hold, TimeSource::TimePoint now);
  void start_queued();
  void expire(Id id);
  void finish(Id id);
  void end_queued(Holds::node_type hold, Outcome outcome);
  void end_holding(Holds::node_type hold, Outcome outcome);
  void end(Hold& hold, Outcome outcome);

  std::shared_ptr<const DelayProfile> profile_;
  TimeSource& time_;
  const TimeSource::TimePoint start_;
  Done log_;
  Id last_id_ = 0;
  Holds holding_;
  Holds queued_;  ///< ids grow, so the first is the oldest
  HoldCounts ended_;
};

}  // namespace waitlab::backend
