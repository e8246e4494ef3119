#pragma once

#include "common/clock/unix_clock.hpp"
#include "common/facts/strategy_facts.hpp"
#include "common/log/log_file.hpp"
#include "common/result.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace waitlab::server {

/// One answered request, as its row in the request log tells of it.
struct RequestRow {
  using TimePoint = std::chrono::steady_clock::time_point;

  std::string_view request_id;
  std::string_view route;            ///< the path it asked for
  TimePoint enqueued;                ///< seen to be readable
  std::optional<TimePoint> started;  ///< a thread or the loop began it; none if it was rejected
  TimePoint ended;                   ///< the answer was sent, or left to be sent with the next one's
  std::chrono::nanoseconds backend{0};
  unsigned status = 0;
  std::string_view served_by;  ///< by `RequestLog::served_by`
};

/// Where rows go.
class RequestRows {
 public:
  /// Takes the row, unless there is no room for it. Returns how many rows were lost since it was asked last, for the
  /// caller to count. Thread-safe; does not block for long.
  virtual std::uint64_t append(const RequestRow& row) = 0;

 protected:
  ~RequestRows() = default;
};

/// A CSV file (RFC 4180) with a row for each request that was answered after it was read whole, in the order in which
/// they ended:
///
///   request_id, route, enqueued_ns, started_ns, ended_ns, queued_ns, backend_ns, status, strategy,
///   worker, workers, holds_worker, at_once, queue
///
/// The first three times are Unix times, on the same clock as `arrival_ns` of the backend's hold log. `started_ns` is
/// empty for a request that was rejected; `queued_ns` is then its whole stay. The second line's columns are the facts
/// of the strategy as it was configured then (strategy_facts.hpp).
///
/// Serving threads only copy a row into memory, which is bounded and taken once; a thread of the log's own writes, at
/// most a second later. Thread-safe.
class RequestLog final : public RequestRows {
 public:
  /// What is kept in memory until it is written.
  struct Room {
    std::size_t rows = 16 * 1024;
    std::size_t text_bytes = 1024 * 1024;  ///< of the ids and routes
  };

  /// Empties or creates the file, writes the header line and starts the thread. Throws std::system_error if the kernel
  /// grants none.
  static Result<std::unique_ptr<RequestLog>> open(const std::string& path, Room room);
  static Result<std::unique_ptr<RequestLog>> open(const std::string& path) { return open(path, Room{}); }

  /// Writes what is left.
  ~RequestLog();

  RequestLog(const RequestLog&) = delete;
  RequestLog& operator=(const RequestLog&) = delete;

  /// What the rows of a strategy with these facts end with. Valid for as long as the log lives.
  std::string_view served_by(const std::string& strategy, const StrategyFacts& facts);

  /// Lost are this row and those that could not be written. Does not block beyond a mutex that is held for a copy.
  std::uint64_t append(const RequestRow& row) override;

  /// How many rows could not be written since it was asked last, or `append` told of them.
  std::uint64_t take_unwritten();

  /// Returns once all rows taken before are in the file, or lost.
  void flush();

  /// Goes on in a new file if this one was moved away: what was taken before is in the old one, the rest in the new.
  void reopen();

 private:
  struct Stored {
    RequestRow row;  ///< its id and route are empty; they follow each other in the text
    std::size_t id_size = 0;
    std::size_t route_size = 0;
  };
  struct Batch {
    std::vector<Stored> rows;
    std::string text;
  };

  RequestLog(LogFile file, Room room);

  void run(const std::stop_token& stop);
  void format(const Batch& batch);

  const Room room_;
  const UnixClock unix_clock_;

  std::mutex writing_mutex_;  ///< guards file_, written_ and lines_; taken before mutex_
  LogFile file_;
  Batch written_;
  std::string lines_;

  std::atomic<std::uint64_t> unwritten_{0};

  std::mutex mutex_;  ///< guards pending_ and served_by_
  std::condition_variable_any many_;
  Batch pending_;
  std::set<std::string> served_by_;

  std::jthread writer_;
};

}  // namespace waitlab::server
