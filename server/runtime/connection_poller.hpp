#pragma once

#include "server/connection/connection.hpp"
#include "server/connection/listener.hpp"
#include "server/site/site.hpp"

#include <chrono>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace waitlab::server {

/// Holds the connections of a thread strategy while they are idle, on one thread of its own, so that an idle connection
/// costs no thread: watches them with epoll, accepts new ones, and hands each over when a request comes, when the peer
/// closes, or when it has been idle too long. It never takes bytes and never blocks outside epoll_wait.
///
/// Owns the connections parked here. `park` is thread-safe; the rest belongs to the owner's thread. `on_readable` runs
/// on the poller's thread and must not block.
class ConnectionPoller {
 public:
  using Readable = std::function<void(std::unique_ptr<Connection>)>;
  using Accepted = std::function<void(IdleConnection)>;
  using Ended = std::function<void(std::unique_ptr<Connection>)>;
  using Tick = std::function<void()>;

  struct Callbacks {
    Readable on_readable;
    Accepted on_accepted;
    Ended on_ended;  ///< closed by the peer, or idle for longer than it may be: to be closed
    Tick on_tick;    ///< about once a second, for housekeeping
  };

  /// Throws std::system_error if the kernel grants no epoll instance.
  ConnectionPoller(std::chrono::nanoseconds keep_alive, Telemetry& telemetry, Site& site, Callbacks callbacks);
  ~ConnectionPoller();

  ConnectionPoller(const ConnectionPoller&) = delete;
  ConnectionPoller& operator=(const ConnectionPoller&) = delete;

  /// Starts the thread, and accepting. The listener must outlive the poller. Throws std::system_error if the kernel
  /// grants no thread.
  void accept_from(Listener& listener);

  /// Takes a connection that waits for its next request; returns it once the poller has been stopped.
  std::unique_ptr<Connection> park(std::unique_ptr<Connection> connection);

  /// Ends the thread and returns what is parked.
  std::vector<std::unique_ptr<Connection>> stop();

  /// Once it has been stopped: accepts all that the kernel still holds, on the calling thread.
  void accept_rest();

 private:
  struct Parked;
  using ParkedList = std::list<Parked>;
  struct Parked {
    std::unique_ptr<Connection> connection;
    std::chrono::steady_clock::time_point since;
    ParkedList::iterator self;
  };

  void run(const std::stop_token& stop);
  void accept();
  std::unique_ptr<Connection> unpark(Parked& parked);
  void handle_event(Parked& parked, bool may_have_ended, std::chrono::steady_clock::time_point now);
  void give_up_overdue();

  const std::chrono::nanoseconds keep_alive_;
  Telemetry& telemetry_;
  Site& site_;
  const Callbacks callbacks_;
  FileDescriptor epoll_;
  FileDescriptor wake_;
  Listener* listener_ = nullptr;
  bool accepting_paused_ = false;

  std::mutex mutex_;   ///< guards what follows
  ParkedList parked_;  ///< longest parked first
  bool stopped_ = false;

  std::jthread thread_;
};

}  // namespace waitlab::server
