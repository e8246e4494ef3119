#pragma once

#include "server/connection/connection.hpp"
#include "server/connection/listener.hpp"
#include "server/connection/serve_request.hpp"
#include "server/io/io.hpp"
#include "server/runtime/drain.hpp"
#include "server/site/site.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <list>
#include <memory>
#include <optional>
#include <thread>

namespace waitlab::server {

/// Serves connections on one thread with an event loop: every connection is a suspended coroutine. What the event-loop
/// strategy and the admin listener are made of. The public members are thread-safe.
class LoopServer {
 public:
  /// Starts the thread that runs the loop, through whose `io` connections wait. `service` is copied; what it refers to,
  /// and the loop and the Io, must outlive this.
  LoopServer(boost::asio::io_context& loop, Io& io, const Service& service, Answers answers);

  /// Ends the thread. Retire first, and see that it drained: what still runs is cut where it stands.
  ~LoopServer();

  LoopServer(const LoopServer&) = delete;
  LoopServer& operator=(const LoopServer&) = delete;

  /// Starts accepting. The listener must outlive this. Throws if the kernel has no means to watch it.
  void accept_from(Listener& listener, const Listener::Share& share);
  void accept_from(Listener& listener) { accept_from(listener, {}); }

  /// Takes over a connection.
  void adopt(IdleConnection connection);

  /// Stops accepting, as soon as the loop gets to it, and lets every connection go once it is between requests: to
  /// `successor`, called on the loop's thread, or by closing it if there is none; then the listener closes as well.
  void retire(Drain::Successor successor);

  /// After `retire`: waits until every connection has left, or for the deadline. Returns whether they all have.
  bool wait_drained(std::chrono::steady_clock::time_point deadline) { return drain_.wait_until_none(deadline); }

 private:
  using Connections = std::list<Connection>;

  void run();
  void stop_accepting();
  void wait_for_connection();
  void pause_accepting();
  void begin(IdleConnection idle);
  void refuse(Connections::iterator connection);
  Detached serve(Connections::iterator connection);

  boost::asio::io_context& loop_;
  Io& io_;
  const Service service_;
  const Answers answers_;
  Connections connections_;
  Drain drain_;
  std::optional<boost::asio::posix::basic_stream_descriptor<boost::asio::io_context::executor_type>> acceptor_;
  Listener* listener_ = nullptr;
  Listener::Share share_;
  boost::asio::steady_timer accept_again_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  std::jthread thread_;
};

}  // namespace waitlab::server
