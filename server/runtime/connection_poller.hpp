#pragma once

#include "server/connection/connection.hpp"
#include "server/connection/listener.hpp"
#include "server/site/site.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace waitlab::server {

/// Holds the connections of a thread strategy while they are idle or a part of their next request is there, on one
/// thread of its own, so that they cost no thread: watches them with epoll, accepts new ones, and hands each over when
/// something comes or when that takes too long. It never takes bytes and never blocks outside epoll_wait.
///
/// Owns the connections parked here. `park` is thread-safe; the rest belongs to the owner's thread. The callbacks run
/// on the poller's thread and must not block.
class ConnectionPoller {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  using Taken = std::function<void(std::unique_ptr<Connection>)>;

  struct Callbacks {
    std::function<void(IdleConnection)> on_accepted;
    Taken on_readable;  ///< bytes are there, or the peer's end
    Taken on_idle;      ///< for longer than it may be: to be closed
    Taken on_late;      ///< the rest of its request has not come in time

    /// About once a second, for housekeeping, and by the time it returned last.
    std::function<TimePoint(TimePoint now)> on_tick;
  };

  /// Throws std::system_error if the kernel grants no epoll instance, or none of what it takes to watch something.
  ConnectionPoller(std::chrono::nanoseconds keep_alive, Telemetry& telemetry, Site& site, Callbacks callbacks);
  ~ConnectionPoller();

  ConnectionPoller(const ConnectionPoller&) = delete;
  ConnectionPoller& operator=(const ConnectionPoller&) = delete;

  /// Starts the thread, and accepting. The listener must outlive the poller. Throws std::system_error if the kernel
  /// grants no thread, or has no means to watch the listener.
  void accept_from(Listener& listener);

  enum class Parking : std::uint8_t {
    parked,
    stopped,    ///< not taken: the poller has been
    unwatched,  ///< not taken: the kernel had no means to watch it
  };

  /// Takes a connection that waits for its next request, or the rest of it.
  Parking park(std::unique_ptr<Connection>& connection);

  /// Ends the thread and returns what is parked.
  std::vector<std::unique_ptr<Connection>> stop();

  /// Once it has been stopped: accepts all that the kernel still holds, on the calling thread, and closes the listener.
  void accept_last();

 private:
  struct Parked;
  using ParkedList = std::list<Parked>;
  struct Parked {
    std::unique_ptr<Connection> connection;
    TimePoint due;  ///< when it is given up
    ParkedList* list;
    ParkedList::iterator self;
  };

  void run(const std::stop_token& stop);
  void accept();
  std::unique_ptr<Connection> unpark(Parked& parked);
  TimePoint next_due();
  void tick(TimePoint now);
  void give_up_overdue(TimePoint now);

  const std::chrono::nanoseconds keep_alive_;
  Telemetry& telemetry_;
  Site& site_;
  const Callbacks callbacks_;
  FileDescriptor epoll_;
  FileDescriptor wake_;
  Listener* listener_ = nullptr;
  bool accepting_paused_ = false;

  TimePoint next_tick_;  ///< of the poller's thread

  std::mutex mutex_;                           ///< guards what follows
  ParkedList idle_;                            ///< longest parked first
  ParkedList partial_;                         ///< with a part of a request, in no order: there are few
  TimePoint earliest_due_ = TimePoint::max();  ///< or earlier than that
  bool stopped_ = false;

  std::jthread thread_;
};

}  // namespace waitlab::server
