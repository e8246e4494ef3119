#pragma once

#include "server/io/io.hpp"
#include "server/runtime/loop_lag.hpp"
#include "server/runtime/loop_server.hpp"
#include "server/site/application.hpp"

#include <boost/asio/io_context.hpp>

#include <functional>
#include <memory>

namespace waitlab::server {

/// An event loop and its thread, with all that serves on it: connections, the endpoints with backend connections that
/// belong to the loop, and what measures its lag. Thread-safe but for construction and destruction; retire the server
/// first, and see that it drained.
class LoopWorker {
 public:
  /// Makes what connections and handlers wait through on a loop.
  using MakeIo = std::function<std::unique_ptr<Io>(boost::asio::io_context&)>;

  /// A LoopIo.
  static std::unique_ptr<Io> plain_io(boost::asio::io_context& loop);

  /// Throws std::system_error if the kernel grants no thread or no means to wait.
  LoopWorker(const ApplicationParts& parts, const MakeIo& make_io);

  LoopServer& server() noexcept { return server_; }

  /// Runs it on the loop's thread, soon.
  void post(std::function<void()> run);

 private:
  boost::asio::io_context context_{1};
  std::unique_ptr<Io> io_;
  Application application_;
  LoopLagProbe lag_probe_;
  LoopHousekeeping housekeeping_;
  LoopServer server_;
};

}  // namespace waitlab::server
