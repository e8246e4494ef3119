#pragma once

#include "backend/config.hpp"
#include "backend/listener.hpp"
#include "backend/loop_time.hpp"
#include "backend/profiles.hpp"
#include "common/result.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstddef>
#include <memory>

namespace waitlab::backend {

/// The slow backend as a whole, on an Asio loop that one thread runs and that must outlive it.
class Backend {
 public:
  Backend(boost::asio::io_context& loop, const Config& config);

  /// Listens and opens the hold logs. Connections are served once the loop runs.
  Result<void> start();
  boost::asio::ip::tcp::endpoint endpoint() const { return listener_.endpoint(); }

  /// Accepts no more than the kernel holds already, gives requests a second to end, and then stops the loop. Call once.
  void stop();

  /// After `stop`: gives them no more time. Returns how many it cuts.
  std::size_t stop_now();

  /// Goes on with the hold logs by their paths: where a file was moved away, one is created.
  void reopen_logs();

 private:
  boost::asio::io_context& loop_;
  Config config_;
  LoopTime time_;
  Profiles profiles_;
  Listener listener_;
  std::unique_ptr<Timer> grace_;
};

}  // namespace waitlab::backend
