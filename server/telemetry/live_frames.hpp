#pragma once

#include "server/accounts/accounts.hpp"
#include "server/telemetry/telemetries.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <string>

namespace waitlab::server {

/// What the server is doing, as the live page is told of it, five times a second: one JSON object for each fifth, the
/// same for whoever asks within it; docs/live.md describes it. Costs nothing while nobody asks. Belongs to one thread;
/// what it is given must outlive it.
class LiveFrames {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  static constexpr std::chrono::milliseconds interval{200};

  LiveFrames(const Telemetries& telemetries, Accounts& accounts) : telemetries_(telemetries), accounts_(accounts) {}

  /// The frame of the fifth of a second that `now` is in. Valid until the next call.
  const std::string& at(TimePoint now);

  /// When the next one begins.
  static TimePoint after(TimePoint now) noexcept;

 private:
  /// What only grows, at one moment; the counts are those of the strategy that ran.
  struct Sample {
    TimePoint time;
    const Telemetry* strategy = nullptr;
    Counts counts{};
    std::chrono::nanoseconds cpu_time{0};  ///< of the process without the calling thread
  };

  static Sample sample(TimePoint now, const Telemetry& strategy);
  std::string frame(const Telemetries::Moment& moment) const;

  const Telemetries& telemetries_;
  Accounts& accounts_;
  std::deque<Sample> samples_;  ///< of the last second, the oldest first
  TimePoint due_;
  std::string frame_;
};

}  // namespace waitlab::server
