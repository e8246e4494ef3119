#pragma once

#include "backend/answer.hpp"
#include "backend/profiles.hpp"
#include "backend/session.hpp"
#include "backend/time_source.hpp"
#include "common/result.hpp"

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <unordered_map>

namespace waitlab::backend {

/// Accepts connections and owns their sessions. Runs on the loop's thread; loop, time and profiles must outlive it.
class Listener {
 public:
  Listener(boost::asio::io_context& loop, TimeSource& time, Profiles& profiles);

  /// Binds and listens. Port 0 takes any free port; `endpoint` tells which.
  Result<void> open(const boost::asio::ip::tcp::endpoint& endpoint);
  boost::asio::ip::tcp::endpoint endpoint() const;

  /// Accepts connections until `stop`. An accept that fails, such as for want of descriptors, is counted and tried
  /// again a little later.
  void start();

  /// Accepts what the kernel holds already and no more, lets the requests finish that have come or begun, and then
  /// calls `stopped`.
  void stop(std::function<void()> stopped);

  /// Closes the connections that are left.
  void close_sessions();

 private:
  using Acceptor = boost::asio::basic_socket_acceptor<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;

  void await_connection();
  boost::system::error_code accept(std::size_t most);
  void begin(Socket socket);
  void accept_later();
  void forget(Session& session);
  template <class Act>
  void for_each_session(Act act);

  TimeSource& time_;
  Acceptor acceptor_;
  ConnectionCounts counts_;
  Session::Context context_;
  std::unordered_map<Session*, std::shared_ptr<Session>> sessions_;
  std::unique_ptr<Timer> accept_timer_;
  std::function<void()> stopped_;
};

}  // namespace waitlab::backend
