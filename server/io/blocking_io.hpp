#pragma once

#include "common/net/file_descriptor.hpp"
#include "server/io/io.hpp"

#include <system_error>

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

/// Where a thread waits that is tied to a connection without a request, or to nothing but a listener: until something
/// comes or, unlike BlockingIo, until all such waits are interrupted. Only for reading. Thread-safe but for
/// `interrupt`.
class IdleIo final : public BlockingIo {
 public:
  static constexpr int no_descriptor = -1;

  /// Throws std::system_error if the kernel grants no descriptor.
  IdleIo();

  bool begin(Call& call) override;

  /// Blocks until the descriptor is ready (no error), the deadline has passed (std::errc::timed_out) or there has been
  /// an interruption (std::errc::operation_canceled). What is ready comes first.
  std::error_code wait(int descriptor, short events, Call::Clock::time_point deadline) const noexcept;

  /// Ends all waits, those to come as well. For one thread.
  void interrupt() noexcept;

 private:
  /// A pipe: once this end is closed, poll finds the other hung up, whoever polls and however often.
  FileDescriptor held_;
  FileDescriptor watched_;
};

/// Waits for nothing: what is not there at once has timed out. For a thread that has others to see to.
class ImpatientIo final : public BlockingIo {
 public:
  bool begin(Call& call) override;
};

}  // namespace waitlab::server
