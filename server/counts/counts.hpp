#pragma once

#include "common/process/process_stats.hpp"
#include "server/counts/duration_counts.hpp"
#include "server/counts/gauge.hpp"
#include "server/counts/shared_pages.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

namespace waitlab::server {

/// Why a request was answered 503 without being handled.
enum class Rejection : std::uint8_t {
  queue_full,
  queue_timeout,
  max_threads,
  thread_creation,
  max_processes,
  process_creation
};
inline constexpr std::array<std::string_view, 6> rejection_names = {
    "queue_full", "queue_timeout", "max_threads", "thread_creation", "max_processes", "process_creation"};

/// Why a connection was refused.
enum class Refusal : std::uint8_t {
  max_connections,
  descriptors,
  accept_error,
  max_threads,
  thread_creation,
  fiber_creation
};
inline constexpr std::array<std::string_view, 6> refusal_names = {
    "max_connections", "descriptors", "accept_error", "max_threads", "thread_creation", "fiber_creation"};

/// How a connection ended other than after an answer, or by the client between requests. unwatched: the kernel had no
/// means to tell when something comes of it. worker_lost: the process that served its request died over it.
enum class Ending : std::uint8_t {
  idle_timeout,
  incomplete_request,
  client_reset,
  write_failed,
  unwatched,
  worker_lost
};
inline constexpr std::array<std::string_view, 6> ending_names = {"idle_timeout", "incomplete_request", "client_reset",
                                                                 "write_failed", "unwatched",          "worker_lost"};

/// How a call to the backend ended. no_resources: this server had no descriptor or port left to call with. abandoned:
/// it was given up, since the client had gone. unknown_profile: it named one that the backend does not have.
enum class BackendOutcome : std::uint8_t { ok, refused, timed_out, no_resources, failed, abandoned, unknown_profile };
inline constexpr std::array<std::string_view, 7> backend_outcome_names = {
    "ok", "refused", "timed_out", "no_resources", "failed", "abandoned", "unknown_profile"};

/// How a transfer between accounts ended. deadlock: it was the youngest in one. overdrawn: its account had too little.
/// timed_out: a lock was not free in time. abandoned: the client had gone. backend_failed: the call that it made
/// between its locks did. full: there were as many as there is room for.
enum class TransferOutcome : std::uint8_t { done, deadlock, overdrawn, timed_out, abandoned, backend_failed, full };
inline constexpr std::array<std::string_view, 7> transfer_outcome_names = {
    "done", "deadlock", "overdrawn", "timed_out", "abandoned", "backend_failed", "full"};

/// Answers by the first digit of their status; the last is for none of 2xx to 5xx.
enum class StatusClass : std::uint8_t { success, redirect, client_error, server_error };
inline constexpr std::array<std::string_view, 4> status_class_names = {"2xx", "3xx", "4xx", "5xx"};

/// Numbers told apart by a label's value, in the order they are declared.
template <class Label, std::size_t N>
struct CountFamily {
  std::array<std::uint64_t, N> counts{};

  std::uint64_t& operator[](Label label) noexcept { return counts[static_cast<std::size_t>(label)]; }
  std::uint64_t operator[](Label label) const noexcept { return counts[static_cast<std::size_t>(label)]; }
  std::uint64_t total() const noexcept;
};

/// All that only grows, as plain numbers that a sum is made of: no pointers, no locks. Every outcome is counted in one
/// place here.
struct Counts {
  std::uint64_t accepted = 0;  ///< connections
  std::uint64_t opened = 0;    ///< those that were taken over as well
  std::uint64_t closed = 0;    ///< or given on
  CountFamily<Refusal, refusal_names.size()> refused;
  CountFamily<Ending, ending_names.size()> endings;

  std::uint64_t begun = 0;        ///< requests
  std::uint64_t ended = 0;        ///< requests that were answered, or given up
  std::uint64_t waits_begun = 0;  ///< on the backend, a file or the lock of an account
  std::uint64_t waits_ended = 0;
  CountFamily<StatusClass, status_class_names.size()> answered;
  CountFamily<Rejection, rejection_names.size()> rejected;
  CountFamily<BackendOutcome, backend_outcome_names.size()> backend;

  CountFamily<TransferOutcome, transfer_outcome_names.size()> transfers;
  std::uint64_t transfer_retries = 0;  ///< of those that found their second account locked, and tried again

  std::uint64_t backend_retries = 0;  ///< calls sent again because a pooled connection had been closed
  std::uint64_t log_rows_lost = 0;    ///< requests that the request log had no room for, or its disk

  /// What processes have used that were started for requests and have ended, and what started them.
  std::uint64_t processes_cpu_ns = 0;
  std::uint64_t processes_voluntary_switches = 0;
  std::uint64_t processes_involuntary_switches = 0;

  DurationCounts request_time;  ///< from readable to answered, of what was not rejected
  DurationCounts queue_time;
  DurationCounts backend_time;
  DurationCounts loop_lag;  ///< how late an event loop ran what was due; empty for threads

  Counts& operator+=(const Counts& other) noexcept;

  ResourceUsage used_by_processes() const noexcept {
    return {.cpu_time = std::chrono::nanoseconds(processes_cpu_ns),
            .voluntary_switches = processes_voluntary_switches,
            .involuntary_switches = processes_involuntary_switches};
  }

  std::int64_t open_connections() const noexcept { return static_cast<std::int64_t>(opened - closed); }
};
static_assert(std::is_trivially_copyable_v<Counts>);

/// Adds to a count that others may add to or read at the same time.
inline void count(std::uint64_t& counted, std::uint64_t by = 1) noexcept {
  std::atomic_ref(counted).fetch_add(by, std::memory_order_relaxed);
}

inline void count(DurationCounts& counted, std::chrono::nanoseconds duration) noexcept {
  count(counted.buckets[DurationCounts::bucket_of(duration)]);
  count(counted.sum_ns, static_cast<std::uint64_t>(duration.count()));
}

inline void count_answer(Counts& counts, unsigned status) noexcept {
  const unsigned index = status / 100 - 2;  // wraps around below 2xx, and so is past the end too
  auto& answered = counts.answered.counts;
  count(answered[index < answered.size() ? index : answered.size() - 1]);
}

/// Adds what processes have used that were started for requests.
inline void count_processes(Counts& counts, const ResourceUsage& used) noexcept {
  count(counts.processes_cpu_ns, static_cast<std::uint64_t>(used.cpu_time.count()));
  count(counts.processes_voluntary_switches, used.voluntary_switches);
  count(counts.processes_involuntary_switches, used.involuntary_switches);
}

/// Counts that many threads add to without getting in each other's way: each worker has a shard of its own, summed up
/// when read; with more workers than shards some share one. A sum is made of numbers that go on growing meanwhile, so
/// two of them may differ by what happened in between. Thread-safe, between processes as well.
class ShardedCounts {
 public:
  static constexpr std::size_t shards = 64;

  explicit ShardedCounts(SharedFile* file = nullptr) : pages_(sizeof(Shared), file) {}
  /// Those of another process.
  explicit ShardedCounts(SharedPages::Place place) : pages_(sizeof(Shared), place) {}

  /// The calling thread's shard, for `count`. Threads that are no worker share the first.
  Counts& here() noexcept { return shared().each[shard_of_this_thread].counts; }

  /// What goes up and down, in the same pages.
  Gauge& in_flight() const noexcept { return shared().in_flight; }
  Gauge& queued() const noexcept { return shared().queued; }

  const SharedPages::Place& place() const noexcept { return pages_.place(); }

  /// Counts a request begun; returns its number, which no other has and which is not 0.
  std::uint64_t begin_request() noexcept {
    std::atomic_ref begun(here().begun);
    return begun.fetch_add(1, std::memory_order_relaxed) * shards + shard_of_this_thread + 1;
  }

  Counts total() const noexcept;

  /// What a worker has counted. What one worker begins another may end, where a connection is not bound to one.
  Counts of_worker(std::size_t number) const noexcept;

  /// Makes the calling thread worker `number`, from 0.
  static void be_worker(std::size_t number) noexcept { shard_of_this_thread = shard_of(number); }
  static void be_no_worker() noexcept { shard_of_this_thread = 0; }

 private:
  /// On cache lines that no other shard has a part of.
  struct alignas(64) Shard {
    Counts counts;
  };

  static constexpr std::size_t shard_of(std::size_t worker) noexcept { return 1 + worker % (shards - 1); }

  static inline constinit thread_local std::size_t shard_of_this_thread = 0;

  struct Shared {
    std::array<Shard, shards> each;
    Gauge in_flight;
    Gauge queued;
  };

  Shared& shared() const noexcept { return pages_.as<Shared>(1).front(); }

  SharedPages pages_;
};

}  // namespace waitlab::server
