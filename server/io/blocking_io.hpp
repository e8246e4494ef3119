#pragma once

#include "common/process/file_descriptor.hpp"
#include "server/io/io_result.hpp"
#include "server/io/socket_address.hpp"

#include <chrono>
#include <coroutine>
#include <memory>
#include <span>
#include <string_view>
#include <utility>
#include <variant>

namespace waitlab::server {

/// Waits with threads: every call does its work, waiting included, in a system call of the calling thread (poll, recv,
/// send, clock_nanosleep) and returns an awaiter that is already ready, so a coroutine over BlockingIo never suspends.
/// No epoll anywhere. Stateless: any thread may use it; a Socket belongs to one thread at a time.
class BlockingIo {
 public:
  using Clock = std::chrono::steady_clock;

  /// The awaiter of a call that has finished.
  template <class T>
  struct Done {
    T result;

    bool await_ready() const noexcept { return true; }
    void await_suspend(std::coroutine_handle<>) const noexcept {}
    T await_resume() { return std::move(result); }
  };

  /// A connected stream socket with the deadline of whatever is done on it next.
  class Socket {
   public:
    Socket(BlockingIo&, FileDescriptor descriptor) noexcept : descriptor_(std::move(descriptor)) {}

    void expires_at(Clock::time_point deadline) noexcept { deadline_ = deadline; }
    int native_handle() const noexcept { return descriptor_.get(); }
    FileDescriptor release() noexcept { return std::move(descriptor_); }

   private:
    friend class BlockingIo;

    FileDescriptor descriptor_;
    Clock::time_point deadline_ = Clock::time_point::max();
  };

  struct Connected {
    std::unique_ptr<Socket> socket;  ///< null on error
    std::error_code error;
  };

  Done<IoResult> read_some(Socket& socket, std::span<char> into);
  Done<IoResult> write_all(Socket& socket, std::string_view bytes);
  Done<Connected> connect(const SocketAddress& address, Clock::time_point deadline);
  Done<std::monostate> sleep_until(Clock::time_point time);
};

}  // namespace waitlab::server
