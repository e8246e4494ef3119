#pragma once

#include "common/process/shared_mutex.hpp"
#include "server/handlers/route_table.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace waitlab::server {

/// A number that requests count up, kept in four ways at once; how many were asked for is kept beside each, so that
/// lost updates can be told. It outlives the strategies that count, and may lie in memory that processes share.
/// Thread-safe, though one of the ways is wrong.
class Counter {
 public:
  enum class Sync : std::uint8_t {
    none,     ///< read, then written: what another has written in between is lost
    mutex,    ///< under a lock
    atomic,   ///< in one step
    sharded,  ///< in one step, each thread on a number of its own; the sum is the number
  };
  static constexpr std::array<std::string_view, 4> sync_names = {"none", "mutex", "atomic", "sharded"};

  void add(Sync sync, std::uint64_t times);

  struct Value {
    std::uint64_t asked = 0;
    std::uint64_t counted = 0;
  };
  Value value(Sync sync);

  /// How many were asked for, in whichever way.
  std::uint64_t asked() const noexcept;

 private:
  static constexpr std::size_t shards = 64;

  /// On a cache line that nothing else is on.
  struct alignas(64) Cell {
    std::atomic<std::uint64_t> number{0};
  };

  void add_one(Sync sync);

  std::array<Cell, sync_names.size()> asked_;
  /// As a plain int it would be undefined, and lose nothing at -O2, where the loop is one addition.
  Cell unguarded_;
  Cell atomic_;
  std::array<Cell, shards> sharded_;
  SharedMutex mutex_;  ///< guards guarded_
  std::uint64_t guarded_ = 0;
};

/// How far a process has counted by itself: a variable like any other, which looks shared until there are several
/// processes. Thread-safe.
using UnsharedCount = std::atomic<std::uint64_t>;

/// POST /counter?sync=none|mutex|atomic|sharded&times=1, and GET /counter. Both counts must outlive the table.
void add_counter_routes(RouteTable& routes, Counter& counter, UnsharedCount& unshared);

}  // namespace waitlab::server
