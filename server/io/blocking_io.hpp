#pragma once

#include "server/io/io.hpp"

namespace waitlab::server {

/// Waits with threads: awaiting a call does its work, waiting included, in system calls of the calling thread (poll,
/// recv, send, clock_nanosleep) and is then ready, so a coroutine over BlockingIo never suspends. No epoll anywhere.
/// Stateless: any thread may use it.
///
/// A thread that has several things to wait for at the same time gathers them: what is awaited through the Gathering's
/// Io suspends, and the thread blocks once, in one ppoll, for all of it.
class BlockingIo : public Io {
 public:
  std::unique_ptr<Socket> wrap(FileDescriptor descriptor) override;
  bool begin(Call& call) override;
  void park(Call& call) override;  ///< never called: nothing it begins is left to be waited for
  std::unique_ptr<Gathering> gather() override;
};

/// Waits for nothing: what is not there at once has timed out. For a thread that has others to see to.
class ImpatientIo final : public BlockingIo {
 public:
  bool begin(Call& call) override;
};

}  // namespace waitlab::server
