#pragma once

#include "server/io/io.hpp"

#include <system_error>
#include <vector>

namespace waitlab::server {

/// What one thread waits for at the same time, blocked in one ppoll: sockets, moments, or both. Belongs to one thread;
/// owns none of its calls.
class PollSet {
 public:
  /// The call is resumed, inside `run`, once it is done.
  void add(Call& call) { calls_.push_back(&call); }

  /// Blocks, and resumes what can go on, until nothing waits any more.
  void run();

 private:
  std::vector<std::error_code> wait();

  std::vector<Call*> calls_;
};

}  // namespace waitlab::server
