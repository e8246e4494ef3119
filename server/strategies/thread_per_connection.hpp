#pragma once

#include "server/io/blocking_io.hpp"
#include "server/runtime/drain.hpp"
#include "server/runtime/thread_set.hpp"
#include "server/site/application.hpp"
#include "server/strategies/strategy.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <thread>

namespace waitlab::server {

/// thread-per-connection: a new thread for each connection, which it keeps between requests too. A thread of its own
/// accepts. Beyond `max_threads`, or if the kernel grants no thread, a connection is refused with 503; those that are
/// taken over from another strategy are not counted against the limit.
class ThreadPerConnection final : public Strategy {
 public:
  static constexpr std::uint64_t least_stack = 64 * 1024;

  struct Settings {
    std::uint32_t max_threads = 4096;
    std::uint64_t stack = ThreadSet::default_stack;  ///< bytes of address space for each
  };

  /// Throws std::system_error if the kernel grants no descriptor to interrupt its threads by.
  ThreadPerConnection(const Settings& settings, const ApplicationParts& parts);
  ~ThreadPerConnection() override;

  void accept_from(Listener& listener) override;
  void adopt(IdleConnection connection) override;
  void retire(Strategy* successor) override;
  bool wait_drained(std::chrono::steady_clock::time_point deadline) override;

 private:
  struct Tied;

  void accept();
  void stop_accepting();
  void take_accepted(IdleConnection connection);
  void begin(IdleConnection connection, Counted thread);
  void serve(std::unique_ptr<Tied> tied);
  void refuse(IdleConnection connection, Refusal why);

  const std::uint32_t max_threads_;
  Gauge& threads_there_are_;  ///< those of predecessors included
  BlockingIo io_;
  IdleIo idle_io_;
  Application application_;
  Drain drain_;
  Listener* listener_ = nullptr;
  std::thread acceptor_;
  ThreadSet threads_;
};

}  // namespace waitlab::server
