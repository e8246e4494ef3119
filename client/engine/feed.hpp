#pragma once

#include "client/schedule/arrivals.hpp"
#include "common/asio/deadline_queue.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace waitlab::client {

/// A part of a run, its end excluded.
struct Span {
  Clock::time_point begin;
  Clock::time_point end;

  bool holds(Clock::time_point moment) const noexcept { return begin <= moment && moment < end; }
};

/// The moments of a run that all its threads share.
struct Timeline {
  Clock::time_point start;          ///< the first request may start
  Clock::time_point measure_from;   ///< the warm-up is over
  Clock::time_point measure_until;  ///< no request starts any more; time_point::max() if only a count ends the run
  std::vector<Clock::time_point> step_begins{measure_from};  ///< of a load whose rate changes; else one
  std::vector<Span> second_halves{};                         ///< of each step of an open loop, as planned
};

/// What the wall clock shows at that moment, if nobody sets it in between.
inline std::chrono::system_clock::time_point wall_time(Clock::time_point moment) {
  const auto ahead = moment - Clock::now();
  return std::chrono::system_clock::now() + std::chrono::duration_cast<std::chrono::system_clock::duration>(ahead);
}

/// One request whose turn has come.
struct Ticket {
  std::uint64_t n = 0;  ///< the number in its request id
  Clock::time_point intended;
  bool measured = false;
  std::size_t step = 0;  ///< of a load whose rate changes
};

/// Says which request a load thread sends next, and when: the difference between an open and a closed loop. A request
/// that is due but finds no free connection simply stays in the feed, its intended start unchanged. Used by one thread.
class Feed {
 public:
  virtual ~Feed() = default;

  /// The request that is due at `now`, if one is.
  virtual std::optional<Ticket> due(Clock::time_point now) = 0;
  /// Removes the request that `due` showed, to be sent at `now`, which is the intended start of one that had no
  /// schedule.
  virtual Ticket take(Clock::time_point now) = 0;
  /// When to ask again although no response came; nothing if time alone makes no further request due.
  virtual std::optional<Clock::time_point> next_due(Clock::time_point now) const = 0;
};

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
