#pragma once

#include "client/engine/connection.hpp"
#include "client/engine/feed.hpp"
#include "client/engine/load_progress.hpp"
#include "client/engine/recorder.hpp"
#include "client/engine/request_text.hpp"
#include "client/engine/response_check.hpp"
#include "client/record/load_result.hpp"
#include "common/asio/deadline_queue.hpp"

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

namespace waitlab::client {

/// What one load thread needs to know.
struct LoopPlan {
  Connection::Servers servers;             ///< the addresses of one server, the one to connect to first
  std::optional<OpenConnection> opened{};  ///< that its first request is to use
  const TlsContext* tls = nullptr;         ///< for https; must outlive the loop
  RequestTexts texts;
  ResponseCheck check;
  unsigned connections = 1;
  RecorderPlan record;  ///< the loop's recorder takes it over
};

/// One thread's share of the load: an event loop with its own connections and its own record. Starts what the feed says
/// is due on a free connection, the one used last first, opening more up to the limit. In a closed loop, a connection
/// that could not connect rests for 10 ms, and for twice as long each time it fails again, up to 1 s; an open loop's
/// schedule waits for nothing. Construct anywhere; `run` belongs to one thread, its results to whoever joined that;
/// `progress` and the recorder's outboxes may be read meanwhile.
class LoadLoop final : private ConnectionEvents {
 public:
  LoadLoop(LoopPlan plan, std::unique_ptr<Feed> feed);

  /// Returns when all requests have ended, or once `stop` was requested: then what is in flight is left unfinished.
  void run(std::stop_token stop);

  Recorder& recorder() noexcept { return recorder_; }
  const ProgressCounters& progress() const noexcept { return progress_; }
  /// Adds what belongs to the run as a whole and to no step of it: connections, bytes, the targets of a mix.
  void add_whole_run(LoadRecord& run) const;
  /// What its thread used from the first measured request to the last; nothing if that is too short to tell.
  std::optional<LoadThreadUsage> usage() const;

 private:
  using Timer =
      boost::asio::basic_waitable_timer<Clock, boost::asio::wait_traits<Clock>, boost::asio::io_context::executor_type>;

  void on_response(Connection& connection) override;
  void on_failure(Connection& connection, ErrorKind kind, std::string_view message) override;
  void on_deadline(Connection& connection) override;
  void on_idle_close(Connection& connection) override;

  void dispatch(Clock::time_point woken);
  Connection* free_connection();
  Connection& add_connection();
  void adopt(OpenConnection open);
  void begin(Connection& connection, const Ticket& ticket, Clock::time_point now);
  void release(Connection& connection, Clock::time_point now);
  void rest(Connection& connection, Clock::time_point now);
  void expire_unsent(const Ticket& ticket, Clock::time_point now);
  void wake_for_next_due(Clock::time_point now);
  void wake_for_deadlines();
  void cut();
  void close_all();

  bool open_loop() const noexcept { return recorder_.plan().rate.has_value(); }
  std::chrono::nanoseconds timeout() const noexcept { return recorder_.plan().timeout; }

  /// What the thread had used at a moment.
  struct UsageMark {
    Clock::time_point at;
    std::chrono::nanoseconds cpu_time;
    std::uint64_t involuntary_switches;
  };

  static UsageMark usage_now();

  LoopPlan plan_;
  std::unique_ptr<Feed> feed_;
  Recorder recorder_;
  ProgressCounters progress_;
  std::optional<UsageMark> used_before_;  ///< at the first measured request
  std::optional<UsageMark> used_after_;   ///< when no request started any more

  boost::asio::io_context io_{1};
  Timer due_timer_{io_};
  Timer deadline_timer_{io_};
  DeadlineQueue deadlines_;
  std::vector<std::unique_ptr<Connection>> connections_;
  std::vector<Connection*> idle_;     ///< open and free
  std::vector<Connection*> closed_;   ///< free, to be connected again
  std::vector<Connection*> resting_;  ///< could not connect, each until its deadline
  std::size_t in_flight_ = 0;
  bool cap_reached_ = false;  ///< something is due and no connection is free
};

}  // namespace waitlab::client
