#include "server/runtime/farewell.hpp"

#include "server/io/loop_io.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include <atomic>
#include <exception>
#include <list>
#include <memory>
#include <thread>
#include <utility>

namespace waitlab::server {

namespace asio = boost::asio;

/// The loop, its thread, and the connections on it.
class LoopFarewell::Leaving {
 public:
  explicit Leaving(const Service& service) : service_(service), thread_([this] { loop_.context.run(); }) {}

  /// Ends the loop once no connection is left on it.
  ~Leaving() {
    asio::post(loop_.context, [this] {
      closing_ = true;
      stop_if_done();
    });
    thread_.join();
  }

  bool take(IdleConnection& idle, bool refuses) {
    if (count_.fetch_add(1) >= static_cast<int>(most)) {
      --count_;
      return false;
    }
    asio::post(loop_.context, [this, refuses, moved = std::make_shared<IdleConnection>(std::move(idle))] {
      connections_.emplace_front(loop_.io, std::move(*moved), service_.telemetry);
      end(connections_.begin(), refuses);
    });
    return true;
  }

 private:
  using Connections = std::list<Connection>;

  Detached end(Connections::iterator connection, bool refuses) {
    if (refuses) {
      co_await server::refuse(loop_.io, *connection, service_);
    } else {
      co_await server::linger(loop_.io, *connection, service_);
    }
    connections_.erase(connection);
    --count_;
    stop_if_done();
  }

  void stop_if_done() {
    if (closing_ && connections_.empty()) loop_.context.stop();
  }

  const Service& service_;
  Loop loop_;
  asio::executor_work_guard<asio::io_context::executor_type> work_ = asio::make_work_guard(loop_.context);
  Connections connections_;
  bool closing_ = false;
  std::atomic<int> count_{0};
  std::thread thread_;
};

LoopFarewell::LoopFarewell(Site& site, Timeouts timeouts) : service_{site, telemetry_, no_routes_, timeouts} {}

LoopFarewell::~LoopFarewell() = default;

bool LoopFarewell::refuse(IdleConnection& connection) {
  return take(connection, true);
}

bool LoopFarewell::linger(IdleConnection& connection) {
  return take(connection, false);
}

bool LoopFarewell::take(IdleConnection& connection, bool refuses) {
  try {
    return leaving().take(connection, refuses);
  } catch (const std::exception&) {  // no descriptor or thread is granted; Boost's system_error is not std's
    return false;
  }
}

LoopFarewell::Leaving& LoopFarewell::leaving() {
  const std::scoped_lock lock(mutex_);
  if (!leaving_) leaving_ = std::make_unique<Leaving>(service_);
  return *leaving_;
}

}  // namespace waitlab::server
