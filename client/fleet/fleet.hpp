#pragma once

#include "client/engine/load_run.hpp"
#include "client/record/load_result.hpp"
#include "common/net/socket_address.hpp"
#include "common/result.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>

namespace waitlab::client::fleet {

/// What a collector is to do.
struct FleetOptions {
  unsigned workers = 1;
  SocketAddress listen;
  std::string token;                   ///< empty: none is needed
  std::chrono::nanoseconds gather{0};  ///< how long to wait for all workers to be there and ready
  /// What befalls the workers between runs, for people, a line at a time; may be empty. During one, its `on_news` is
  /// told.
  std::function<void(const std::string&)> say;
};

/// The collector of runs that several workers make together (`work`, worker.hpp): it gathers them, gives each its shard
/// of the load, has them start at one moment, and makes one result of what they tell. All is done inside its calls, by
/// the calling thread. Not thread-safe.
class Fleet {
 public:
  /// Listens. Failure: the address cannot be had.
  static Result<std::unique_ptr<Fleet>> listen(FleetOptions options);
  /// Sends the workers home.
  ~Fleet();
  Fleet(const Fleet&) = delete;
  Fleet& operator=(const Fleet&) = delete;

  /// Where workers find it: "127.0.0.1:7411".
  std::string address() const;

  /// One run of this load by all workers, as `run_load` would make it alone: its callbacks and `stop` are heeded here,
  /// its `shard` is not. Blocks. The workers stay for another run. A result that lacks a worker is not valid and says
  /// which and why; one to which not all came is empty besides. Failure: the load can't begin at a worker, or it was
  /// stopped before the start.
  Result<LoadResult> run(const LoadOptions& load);

 private:
  class Impl;

  explicit Fleet(std::unique_ptr<Impl> impl);

  std::unique_ptr<Impl> impl_;
};

}  // namespace waitlab::client::fleet
