#pragma once

#include "client/record/error_kind.hpp"
#include "client/record/quantiles.hpp"
#include "client/record/time_split.hpp"
#include "common/histogram/hdr_histogram.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace waitlab::client {

/// How the measured requests ended. Once a run is over, sent = completed + failed + timed_out + unfinished: the one is
/// counted when a request begins, the others when it ends, so that one which got lost would show.
struct RequestCounts {
  std::uint64_t sent = 0;       ///< requests whose turn came
  std::uint64_t completed = 0;  ///< a whole response came, whatever its status
  std::uint64_t failed = 0;     ///< refused, reset, closed early, bad response
  std::uint64_t timed_out = 0;
  std::uint64_t unfinished = 0;  ///< cut when the run was interrupted

  std::uint64_t ended() const noexcept { return finished() + unfinished; }
  /// Those that came to an end of their own.
  std::uint64_t finished() const noexcept { return completed + failed + timed_out; }
};

/// What came back in the second half of a window, as it was planned, and what should have. By then the responses to
/// what was sent before it balance those that are still to come after it, and the fill of the first moments, or a step
/// in the rate, is past: so any latency of less than half the window leaves `completed` near `due`, and a backlog that
/// grows does not.
struct SecondHalf {
  double due = 0;               ///< arrivals that the schedule of an open loop called for in it; 0 for a closed loop
  std::uint64_t completed = 0;  ///< responses that ended in it, those of the warm-up included
};

/// Whether the server kept up with an open loop: at least 97 % of what was due came back, give or take the 3 standard
/// deviations of a Poisson count. A server that does not has response times that depend on how long one looks. True
/// where nothing was due.
bool keeps_up(const SecondHalf& half) noexcept;

/// Durations of which some are only known to be at least what was recorded, because their requests timed out, and some
/// are not known at all, because their requests were cut.
struct CensoredHistogram {
  HdrHistogram values;
  std::uint64_t censored = 0;  ///< how many of the values are lower bounds
  std::chrono::nanoseconds least_censored = std::chrono::nanoseconds::max();  ///< the smallest of these
  std::uint64_t unfinished = 0;          ///< requests that were cut: none of the values is theirs
  EffectiveSamples effective_samples{};  ///< set once a run is over; those of merged runs add up

  void record(std::chrono::nanoseconds value) noexcept { values.record(value); }
  void record_at_least(std::chrono::nanoseconds value) noexcept;
  void clear() noexcept;
  void merge(const CensoredHistogram& other) noexcept;
};

struct ErrorTally {
  std::uint64_t count = 0;
  std::string example;  ///< what the first one said
};

/// What happened to one request: three moments on the same clock, as offsets from any common origin.
struct RequestTimes {
  std::chrono::nanoseconds intended;  ///< when the schedule wanted it sent
  std::chrono::nanoseconds sent;      ///< when the client acted on it: wrote it, or began to connect for it
  std::chrono::nanoseconds ended;
  std::chrono::nanoseconds connect{0};  ///< of the time after `sent`: connecting, where it was needed
};

/// Whether a pause between the first bytes of a response and its last ones looks like a delayed acknowledgement: the
/// server's Nagle algorithm (RFC 896) kept the rest back until the client had acknowledged the first part, which Linux
/// does after 40 ms. A large response may simply take as long.
constexpr bool is_nagle_stall(std::chrono::nanoseconds pause, std::uint64_t body_bytes) noexcept {
  constexpr std::uint64_t large = 64 * 1024;
  return body_bytes <= large && pause >= std::chrono::milliseconds(38) && pause <= std::chrono::milliseconds(46);
}

/// A response as it came.
struct ResponseSeen {
  unsigned status = 0;
  std::optional<ErrorKind> unwanted;  ///< why it is not what was expected
  std::optional<ServerTiming> timing;
  bool nagle_stall = false;

  /// Expecting any status below 400.
  ResponseSeen(unsigned seen) : status(seen), unwanted(error_of_status(seen)) {}  // NOLINT(*-explicit-*)
};

/// The share of one target of a request mix.
struct TargetTally {
  std::uint64_t completed = 0;
  std::uint64_t errors = 0;
  CensoredHistogram response_time;

  void merge(const TargetTally& other) noexcept;
};

/// All that is recorded of the measured requests of one thread or, merged, of one run or several. Not thread-safe.
struct LoadRecord {
  RequestCounts requests;
  std::array<ErrorTally, error_names.size()> errors;
  std::map<unsigned, std::uint64_t> statuses;

  CensoredHistogram response_time;  ///< end minus intended start
  CensoredHistogram service_time;   ///< end minus actual send; connecting, where it was needed, is part of it
  HdrHistogram schedule_lag;        ///< actual send minus intended start; left empty by a closed loop
  SplitTally split;                 ///< where the response times of good answers went: those that were wanted
  /// Of the response times, those of unwanted answers. Nothing until the first one comes, for it is large.
  std::optional<HdrHistogram> unwanted_response_time;
  /// By target of the request mix; empty where there is only one. Of a whole run: a step's record has none.
  std::vector<TargetTally> targets;

  std::uint64_t completed_in_window = 0;    ///< responses ending inside the window, those of the warm-up included
  std::uint64_t unwanted_in_window = 0;     ///< of these, the unwanted ones
  SecondHalf second_half;                   ///< of that window; of several, the sums
  std::uint64_t nagle_stalls = 0;           ///< of the completed ones
  std::uint64_t waited_for_connection = 0;  ///< requests held back because the connection cap was reached
  /// The longest that a request left unfinished had been waited for since its intended start: no time has it.
  std::chrono::nanoseconds longest_unfinished{0};

  // Of a whole run, warm-up included: connections and bytes belong to no step, so a step's record has none.
  std::uint64_t connections = 0;  ///< connections that came up
  std::uint64_t reconnects = 0;   ///< of these, the ones that replaced a closed connection
  std::uint64_t elsewhere = 0;    ///< of all, those to another address of the host, as the first did not take them
  std::uint64_t retried = 0;      ///< requests sent again: the server had closed the kept-alive connection
  std::uint64_t unasked = 0;      ///< idle connections that were closed because bytes came which nobody had asked for
  std::uint64_t bytes_in = 0;
  std::uint64_t bytes_out = 0;

  /// A request's turn has come. Each is followed by one of the calls below.
  void begin() noexcept { ++requests.sent; }
  void complete(const RequestTimes& times, const ResponseSeen& response);
  void fail(ErrorKind kind, std::string_view message);
  /// `kind` is `timeout` or `connect_timeout`. The response time is recorded as at least `timeout`.
  void time_out(ErrorKind kind, const RequestTimes& times, std::chrono::nanoseconds timeout);
  /// Timed out inside the client, before it went out: it has no service time. `why` it did not, for people.
  void time_out_unsent(std::chrono::nanoseconds timeout, std::string_view why);
  /// `age`: since its intended start.
  void leave_unfinished(std::chrono::nanoseconds age) noexcept;

  /// Gives each target effective samples: as many to a request as the whole run has, for a target's requests are
  /// spread over the same time.
  void share_effective_samples() noexcept;

  /// Adds what another thread or run recorded; exact.
  void merge(const LoadRecord& other);
  void merge_targets(const std::vector<TargetTally>& other);

  const ErrorTally& error(ErrorKind kind) const { return errors[static_cast<std::size_t>(kind)]; }
  /// Everything that went wrong, error statuses included.
  std::uint64_t error_count() const noexcept;
  /// Of these, the responses that came but were not what was wanted.
  std::uint64_t unwanted_count() const noexcept;
  /// The response times of good answers and, as lower bounds, of time-outs: an error that comes at once is not a fast
  /// answer. Unwanted answers whose times were not kept apart, as in older results, stay in.
  CensoredHistogram good_response_time() const;

 private:
  EffectiveSamples effective_samples_of(const HdrHistogram& part) const noexcept;
  HdrHistogram& unwanted_times();
  void count_unwanted(ErrorKind kind, unsigned status);
  void count_error(ErrorKind kind, std::string_view message);
};

}  // namespace waitlab::client
