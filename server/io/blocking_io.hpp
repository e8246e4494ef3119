#pragma once

#include "common/net/file_descriptor.hpp"
#include "common/net/socket_address.hpp"
#include "server/io/io_result.hpp"
#include "server/io/poll_set.hpp"

#include <chrono>
#include <coroutine>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

namespace waitlab::server {

/// Waits with threads: awaiting a call does its work, waiting included, in system calls of the calling thread (poll,
/// recv, send, clock_nanosleep) and is then ready, so a coroutine over BlockingIo never suspends. No epoll anywhere.
/// Stateless: any thread may use it; a Socket belongs to one thread at a time.
///
/// A thread that has several things to wait for at the same time makes a Gathering: what is awaited through that
/// one's Io suspends, and the thread blocks once for all of it.
class BlockingIo {
 public:
  using Clock = std::chrono::steady_clock;

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

  /// What every awaiter here is.
  class Call : public PollSet::Entry {
   public:
    bool await_ready();
    void await_suspend(std::coroutine_handle<> waiter) { gathered_->add(*this, waiter); }

   protected:
    Call(const BlockingIo& io, const PollSet::Awaited& awaited) : Entry(awaited), gathered_(io.gathered_) {}

   private:
    PollSet* gathered_;
  };

  class ReadSome final : public Call {
   public:
    ReadSome(const BlockingIo& io, const Socket& socket, std::span<char> into);
    IoResult await_resume() const noexcept { return result_; }

   private:
    bool advance(std::error_code waited) override;

    std::span<char> into_;
    IoResult result_;
  };

  class WriteAll final : public Call {
   public:
    WriteAll(const BlockingIo& io, const Socket& socket, std::string_view bytes);
    IoResult await_resume() const noexcept { return result_; }

   private:
    bool advance(std::error_code waited) override;

    std::string_view bytes_;
    IoResult result_;
  };

  class Connect final : public Call {
   public:
    Connect(BlockingIo& io, const SocketAddress& address, Clock::time_point deadline);
    Connected await_resume();

   private:
    bool advance(std::error_code waited) override;
    bool begin();

    BlockingIo& io_;
    const SocketAddress& address_;
    FileDescriptor descriptor_;
    std::error_code error_;
  };

  class SleepUntil final : public Call {
   public:
    SleepUntil(const BlockingIo& io, Clock::time_point time) : Call(io, {.until = time}) {}
    void await_resume() const noexcept {}

   private:
    bool advance(std::error_code) override { return awaited_.until <= Clock::now(); }
  };

  class Gathering;

  BlockingIo() = default;

  ReadSome read_some(Socket& socket, std::span<char> into) { return {*this, socket, into}; }
  WriteAll write_all(Socket& socket, std::string_view bytes) { return {*this, socket, bytes}; }
  /// `address` must live until the call has finished.
  Connect connect(const SocketAddress& address, Clock::time_point deadline) { return {*this, address, deadline}; }
  SleepUntil sleep_until(Clock::time_point time) { return {*this, time}; }

 private:
  explicit BlockingIo(PollSet& gathered) noexcept : gathered_(&gathered) {}

  PollSet* gathered_ = nullptr;  ///< null: what has to wait blocks there and then
};

/// Lets coroutines of one thread wait at the same time: those over `io` suspend where they have to wait, and `finish`
/// blocks until all of them have ended.
class BlockingIo::Gathering {
 public:
  explicit Gathering(BlockingIo&) {}
  Gathering(const Gathering&) = delete;
  Gathering& operator=(const Gathering&) = delete;

  BlockingIo& io() noexcept { return io_; }
  void finish() { waiting_.run(); }

 private:
  PollSet waiting_;
  BlockingIo io_{waiting_};
};

}  // namespace waitlab::server
