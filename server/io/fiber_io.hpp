#pragma once

#include "server/io/loop_io.hpp"

#include <cstddef>
#include <functional>
#include <memory>

namespace waitlab::server {

/// Waits with fibers on an event loop: what is spawned runs on a stack of its own, and a call that would have to wait
/// switches back to the loop until it is done. So a coroutine over FiberIo never suspends, as over BlockingIo, while
/// the thread waits in epoll_wait alone, as under LoopIo.
///
/// A fiber never moves to another thread: what belongs to a thread, such as its pool of frames, its track or the
/// exception it is handling, is used across its waits. For the same reason nothing may wait inside a `catch`, and a
/// scope that changes what its thread is seen to do may not have a wait in it. All of it belongs to the loop's thread.
class FiberIo final : public LoopIo {
 public:
  /// `stack_bytes`: of each fiber; below it is a page that an overflow hits.
  FiberIo(boost::asio::io_context& context, std::size_t stack_bytes);
  ~FiberIo() override;

  /// In a fiber.
  bool begin(Call& call) override;
  std::unique_ptr<Gathering> gather() override;

  /// Runs it in a fiber, up to its first wait; it goes on as the loop comes to it. Returns false, without a call, if
  /// there is no room for a stack.
  bool spawn(const std::function<void()>& run) override;

 private:
  class Strand;
  class StrandGathering;

  const std::size_t stack_bytes_;
  Strand* current_ = nullptr;  ///< the one that runs now; null: the loop itself
};

}  // namespace waitlab::server
