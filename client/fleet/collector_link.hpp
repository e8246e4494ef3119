#pragma once

#include "client/fleet/link.hpp"
#include "client/fleet/message.hpp"
#include "common/result.hpp"

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <condition_variable>
#include <deque>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <variant>

namespace waitlab::client::fleet {

/// A worker's connection to its collector: answers pings whatever else goes on, and notices when the collector is gone.
/// A thread of its own does so; all calls may come from any other. What it hears waits until it is asked for.
class CollectorLink {
 public:
  /// The collector is gone, and why.
  struct Gone {
    std::string why;
  };
  /// What there is to be done about: what the collector says but for pings and stops.
  using Heard = std::variant<Challenge, Refusal, Welcome, Order, Start, Bye, Gone>;

  /// Takes over a connected socket of that io_context.
  CollectorLink(std::unique_ptr<boost::asio::io_context> io, Link::Socket socket);
  /// Ends the connection. What was sent is gone by then, if the collector takes it.
  ~CollectorLink();
  CollectorLink(const CollectorLink&) = delete;
  CollectorLink& operator=(const CollectorLink&) = delete;

  void send(const FromWorker& message);
  /// The next thing heard. Waits for it; nothing once `stop` was requested.
  std::optional<Heard> hear(const std::stop_token& stop);

  /// Begins a run: its stop is requested by `cut`, and when the collector says so or is gone.
  std::stop_token begin_run();
  void cut();

 private:
  void take(const std::string& text);
  void gone(const std::string& why);
  void put(Heard heard);
  void watch_silence();

  using Timer = boost::asio::basic_waitable_timer<Link::Clock, boost::asio::wait_traits<Link::Clock>,
                                                  boost::asio::io_context::executor_type>;

  std::unique_ptr<boost::asio::io_context> io_;
  std::shared_ptr<Link> link_;  ///< of the link's thread
  Timer silence_;               ///< likewise
  std::mutex mutex_;            ///< of what follows
  std::condition_variable_any more_;
  std::deque<Heard> heard_;
  std::optional<std::stop_source> run_;  ///< the run under way, if one was begun
  bool gone_ = false;
  std::future<void> thread_;  ///< the link's
};

/// Connects to HOST:PORT, trying again until `patience` is over. Failure: why it could not, or that it was stopped.
Result<std::unique_ptr<CollectorLink>> reach_collector(const std::string& address, std::chrono::nanoseconds patience,
                                                       const std::stop_token& stop);

}  // namespace waitlab::client::fleet
