#pragma once

#include "backend/config.hpp"
#include "backend/hold_log.hpp"
#include "backend/hold_service.hpp"
#include "backend/listener.hpp"
#include "backend/loop_time.hpp"
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

  /// Listens and opens the hold log. Connections are served once the loop runs.
  Result<void> start();
  boost::asio::ip::tcp::endpoint endpoint() const { return listener_.endpoint(); }

  /// Accepts no more than the kernel holds already, gives requests a second to end, and then stops the loop. Call once.
  void stop();

  /// After `stop`: gives them no more time. Returns how many it cuts.
  std::size_t stop_now();

  /// Goes on with the hold log by its path: if its file was moved away, one is created.
  void reopen_log();

 private:
  boost::asio::io_context& loop_;
  Config config_;
  LoopTime time_;
  std::unique_ptr<HoldLog> log_;
  HoldService holds_;
  Listener listener_;
  std::unique_ptr<Timer> grace_;
};

}  // namespace waitlab::backend
