#pragma once

#include "server/activity/tracks.hpp"
#include "server/telemetry/duration_histogram.hpp"
#include "server/telemetry/gauge.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace waitlab::server {

/// A counter that only grows. Thread-safe.
class Counter {
 public:
  /// Returns how many that makes.
  std::uint64_t add() noexcept { return value_.fetch_add(1, std::memory_order_relaxed) + 1; }
  std::uint64_t value() const noexcept { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

/// Counters told apart by a label's value, in the order they are declared.
template <class Label, std::size_t N>
class CounterFamily {
 public:
  Counter& operator[](Label label) noexcept { return counters_[static_cast<std::size_t>(label)]; }
  const Counter& operator[](Label label) const noexcept { return counters_[static_cast<std::size_t>(label)]; }
  static constexpr std::size_t size() noexcept { return N; }

 private:
  std::array<Counter, N> counters_;
};

/// Why a request was answered 503 without being handled.
enum class Rejection : std::uint8_t { queue_full, max_threads, thread_creation };
inline constexpr std::array<std::string_view, 3> rejection_names = {"queue_full", "max_threads", "thread_creation"};

/// Why a connection was turned away.
enum class Refusal : std::uint8_t { max_connections, descriptors, accept_error };
inline constexpr std::array<std::string_view, 3> refusal_names = {"max_connections", "descriptors", "accept_error"};

/// How a connection ended other than after an answer, or by the client between requests.
enum class Ending : std::uint8_t { idle_timeout, incomplete_request, write_failed };
inline constexpr std::array<std::string_view, 3> ending_names = {"idle_timeout", "incomplete_request", "write_failed"};

/// How a call to the backend ended.
enum class BackendOutcome : std::uint8_t { ok, refused, timed_out, no_resources, failed };
inline constexpr std::array<std::string_view, 5> backend_outcome_names = {"ok", "refused", "timed_out", "no_resources",
                                                                          "failed"};

/// Answers by the first digit of their status; the last is for none of 2xx to 5xx.
enum class StatusClass : std::uint8_t { success, redirect, client_error, server_error };
inline constexpr std::array<std::string_view, 4> status_class_names = {"2xx", "3xx", "4xx", "5xx"};

/// What one strategy has done and is doing. Every outcome is counted in one place here. All members are thread-safe;
/// the counts are relaxed, so two of them read together may differ by what happened in between.
struct Telemetry {
  /// The tracer must outlive this.
  Telemetry(std::string strategy_name, Tracer& tracer)
      : strategy(std::move(strategy_name)),
        threads(tracer, strategy, Tracks::Kind::threads),
        requests(tracer, strategy, Tracks::Kind::requests) {}
  Telemetry(const Telemetry&) = delete;
  Telemetry& operator=(const Telemetry&) = delete;

  const std::string strategy;

  Gauge connections;  ///< open
  Counter accepted;
  CounterFamily<Refusal, refusal_names.size()> refused;
  CounterFamily<Ending, ending_names.size()> endings;

  Tracks threads;   ///< what each thread that serves does now
  Tracks requests;  ///< and each connection's request

  Counter begun;    ///< requests; their numbers
  Gauge in_flight;  ///< requests from readable to answered: queued + waiting + running
  Gauge queued;     ///< for a thread
  Gauge waiting;    ///< on the backend
  CounterFamily<StatusClass, status_class_names.size()> answered;
  CounterFamily<Rejection, rejection_names.size()> rejected;
  CounterFamily<BackendOutcome, backend_outcome_names.size()> backend;

  Counter backend_retries;  ///< calls sent again because a pooled connection had been closed

  Counter log_rows_lost;  ///< requests that the request log had no room for

  DurationHistogram request_time;  ///< from readable to answered, of what was not turned away
  DurationHistogram queue_time;
  DurationHistogram backend_time;
  DurationHistogram loop_lag;  ///< how late an event loop ran what was due; empty for threads
  /// When it runs next what is due ten times a second; in the past if it is late just now. Never for threads.
  std::atomic<std::chrono::steady_clock::time_point> loop_due{std::chrono::steady_clock::time_point::max()};

  void answer(unsigned status) noexcept {
    const unsigned index = status / 100 - 2;  // wraps around below 2xx, and so is past the end too
    answered[static_cast<StatusClass>(index < answered.size() ? index : answered.size() - 1)].add();
  }
};

}  // namespace waitlab::server
