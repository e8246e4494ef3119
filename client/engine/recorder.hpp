#pragma once

#include "client/engine/feed.hpp"
#include "client/record/arrival_fit.hpp"
#include "client/record/load_record.hpp"
#include "client/record/request_row.hpp"
#include "client/record/slice.hpp"
#include "client/schedule/rate_curve.hpp"

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace waitlab::client {

/// Things that a load thread fills and another thread takes, used again once they were taken, so that in the long run
/// nothing is allocated. The load thread holds the lock only to swap a pointer. `Thing` has clear(). `fresh` and `post`
/// belong to one thread, `drain` to another.
template <class Thing>
class Outbox {
 public:
  /// An empty thing to fill.
  std::unique_ptr<Thing> fresh() {
    const std::lock_guard lock(mutex_);
    if (empty_.empty()) return std::make_unique<Thing>();
    auto thing = std::move(empty_.back());
    empty_.pop_back();
    return thing;
  }

  void post(std::unique_ptr<Thing> thing) {
    const std::lock_guard lock(mutex_);
    full_.push_back(std::move(thing));
  }

  /// Calls take(const Thing&) with each that was posted, in that order.
  template <class Take>
  void drain(Take&& take) {
    taken_.clear();
    {
      const std::lock_guard lock(mutex_);
      taken_.swap(full_);
    }
    for (auto& thing : taken_) {
      take(std::as_const(*thing));
      thing->clear();
    }
    const std::lock_guard lock(mutex_);
    for (auto& thing : taken_)
      empty_.push_back(std::move(thing));
  }

 private:
  std::mutex mutex_;
  std::vector<std::unique_ptr<Thing>> full_;
  std::vector<std::unique_ptr<Thing>> empty_;
  std::vector<std::unique_ptr<Thing>> taken_;  ///< of the draining thread
};

/// What a recorder needs to know of the run.
struct RecorderPlan {
  Timeline timeline;
  std::chrono::nanoseconds timeout{0};
  bool rows = false;              ///< whether anyone wants every request
  std::optional<RateCurve> rate;  ///< of an open loop

  // Empty, to be filled. They are large, so whoever plans makes them before the run's clock starts.
  std::vector<LoadRecord> records = std::vector<LoadRecord>(1);  ///< one for each step
  std::vector<TargetTally> targets{};                            ///< of a mix, one for each kind of request
  std::optional<ArrivalTally> tally;                             ///< of an open loop
};

/// One request on its way.
struct Attempt {
  Ticket ticket;
  std::size_t target = 0;                 ///< of the mix
  std::optional<Clock::time_point> sent;  ///< when the client acted on it; nothing if it never did
  std::chrono::nanoseconds connect{0};    ///< of the time after that: connecting
  /// Of that, what was done before the run, for the connection that the request was the first to use. Its times are
  /// longer by as much, as if it had connected itself.
  std::chrono::nanoseconds charged{0};
};

/// Writes down what one load thread sees of the measured requests: in the record of the step each belongs to, in the
/// slice of time in which it ended, and, if someone wants them, as a row. Each `begin` is followed by the `send` of one
/// that goes out, and by one of the others. Used by that thread; only the outboxes are for the collecting thread as
/// well.
class Recorder {
 public:
  explicit Recorder(RecorderPlan plan);

  /// A request's turn has come. `waited`: no connection was free at first.
  void begin(const Ticket& ticket, bool waited);
  /// It goes out.
  void send(const Ticket& ticket, Clock::time_point now);
  void complete(const Attempt& attempt, const ResponseSeen& response, std::uint64_t body_bytes, Clock::time_point now);
  void fail(const Attempt& attempt, ErrorKind kind, std::string_view message, Clock::time_point now);
  void time_out(const Attempt& attempt, ErrorKind kind, Clock::time_point now);
  /// It timed out before it went out. `waited`: for a connection; if not, the client stood still.
  void expire_unsent(const Attempt& attempt, bool waited, Clock::time_point now);
  void leave_unfinished(const Attempt& attempt, Clock::time_point now);

  /// A response ended, that of a warm-up request included.
  void count_response(const ResponseSeen& response, Clock::time_point now);
  /// Hands over what is still open. Nothing may be recorded afterwards.
  void close();

  const RecorderPlan& plan() const noexcept { return plan_; }
  /// One for each step.
  const std::vector<LoadRecord>& records() const noexcept { return plan_.records; }
  /// Of the whole run; empty where there is only one.
  const std::vector<TargetTally>& targets() const noexcept { return plan_.targets; }
  const std::optional<ArrivalTally>& tally() const noexcept { return plan_.tally; }
  /// When the last measured request ended, with a response or without; nothing if none did.
  std::optional<Clock::time_point> last_end() const noexcept { return last_end_; }

  Outbox<Slice>& slices() noexcept { return slices_; }
  Outbox<std::vector<RequestRow>>& rows() noexcept { return rows_; }

 private:
  RequestTimes times(const Attempt& attempt, Clock::time_point ended) const;
  LoadRecord& record_of(const Attempt& attempt) { return plan_.records[attempt.ticket.step]; }
  /// Null where there is only one.
  TargetTally* target_of(const Attempt& attempt) {
    return plan_.targets.empty() ? nullptr : &plan_.targets[attempt.target];
  }
  /// The open slice of that step for this moment; older ones are handed over.
  Slice& slice(std::size_t step, Clock::time_point now);
  void post_slices();
  void note_time_out(const Attempt& attempt, ErrorKind kind, Clock::time_point now);
  void note_end(const Attempt& attempt, Clock::time_point now, bool error);
  RequestRow& add_row(const Attempt& attempt, RequestRow::Outcome outcome, std::optional<ErrorKind> error,
                      std::optional<Clock::time_point> ended);
  std::chrono::nanoseconds since_start(Clock::time_point time) const { return time - plan_.timeline.start; }

  RecorderPlan plan_;
  std::size_t step_now_ = 0;
  double expected_before_ = 0;  ///< arrivals of the warm-up
  std::optional<Clock::time_point> last_end_;

  std::vector<std::unique_ptr<Slice>> open_slices_;  ///< one for each step of which requests ended lately
  std::uint64_t slice_index_ = 0;                    ///< of the open ones
  std::unique_ptr<std::vector<RequestRow>> open_rows_;
  Outbox<Slice> slices_;
  Outbox<std::vector<RequestRow>> rows_;
};

}  // namespace waitlab::client
