#pragma once

#include "server/counts/tracks.hpp"
#include "server/processes/forker.hpp"
#include "server/runtime/parked_strategy.hpp"

#include <sys/types.h>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>

namespace waitlab::server {

/// process-per-request: a new process for each request, ended with it. Beyond `max_processes`, or if the kernel grants
/// no process, a request is answered 503. One that dies over its request takes nothing but that with it.
class ProcessPerRequest final : public ParkedStrategy {
 public:
  struct Settings {
    std::uint32_t max_processes = 1024;
  };

  /// Throws std::exception if what forks the processes can't be started.
  ProcessPerRequest(const Settings& settings, const ApplicationParts& parts);

  bool wait_drained(TimePoint deadline) override;
  bool tend(TimePoint now) override { return forker_.tend(now); }

 private:
  /// One that runs, or is to.
  struct Process {
    Process(std::unique_ptr<Connection> serves, Tracks& lanes) : connection(std::move(serves)), lane(lanes) {}

    std::unique_ptr<Connection> connection;  ///< lent to it; null once it has served the request
    Tracks::Held lane;
  };
  using Processes = std::unordered_map<std::uint64_t, Process>;

  void dispatch(std::unique_ptr<Connection> connection) override;
  void take_back(Served served);
  void forget(const Ended& ended);
  void lose_all();
  std::unique_ptr<Connection> connection_of(std::uint64_t token);
  std::unique_ptr<Connection> remove(std::uint64_t token);
  void lose(std::unique_ptr<Connection> connection, pid_t process);

  const std::uint32_t max_processes_;
  Gauge& serving_;  ///< processes that have not served their request yet, those of predecessors included

  std::mutex mutex_;  ///< guards what follows
  std::condition_variable none_;
  Processes processes_;  ///< by their tokens
  std::uint64_t next_token_ = 0;

  Forker forker_;  ///< ends first: it tells of the processes
};

}  // namespace waitlab::server
