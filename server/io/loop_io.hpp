#pragma once

#include "common/asio/deadline_queue.hpp"
#include "common/net/file_descriptor.hpp"
#include "common/net/socket_address.hpp"
#include "server/io/io_result.hpp"

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <coroutine>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

namespace waitlab::server {

/// Waits with an event loop: a call that would have to wait suspends its coroutine, and the loop resumes it. The thread
/// itself waits in epoll_wait and nowhere else. One LoopIo for each io_context; all of it, sockets and awaiters
/// included, belongs to the thread that runs that io_context.
class LoopIo {
 public:
  using Stream = boost::asio::basic_stream_socket<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;

  /// A connected stream socket with the deadline of whatever is done on it next. The deadline is a node in the loop's
  /// queue, not a timer: moving it later, as each request does, costs a store.
  class Socket final : public Deadline {
   public:
    Socket(LoopIo& io, FileDescriptor descriptor);

    void expires_at(Clock::time_point deadline);
    int native_handle() { return stream_.native_handle(); }

    /// Ends the operation under way with std::errc::operation_canceled.
    void interrupt();

    FileDescriptor release();

   private:
    friend class LoopIo;
    void expired() override;
    std::error_code translate(const boost::system::error_code& error) const;

    LoopIo& io_;
    Stream stream_;
    bool timed_out_ = false;
  };

  struct Connected {
    std::unique_ptr<Socket> socket;  ///< null on error
    std::error_code error;
  };

  class ReadSome {
   public:
    ReadSome(Socket& socket, std::span<char> into) : socket_(socket), into_(into) {}
    bool await_ready();
    void await_suspend(std::coroutine_handle<> waiter);
    IoResult await_resume() const { return result_; }

   private:
    Socket& socket_;
    std::span<char> into_;
    IoResult result_;
  };

  class WriteAll {
   public:
    WriteAll(Socket& socket, std::string_view bytes) : socket_(socket), bytes_(bytes) {}
    bool await_ready();
    void await_suspend(std::coroutine_handle<> waiter);
    IoResult await_resume() const { return result_; }

   private:
    Socket& socket_;
    std::string_view bytes_;
    IoResult result_;
  };

  class Connect {
   public:
    Connect(LoopIo& io, const SocketAddress& address, Clock::time_point deadline);
    bool await_ready() const noexcept { return socket_ == nullptr; }
    void await_suspend(std::coroutine_handle<> waiter);
    Connected await_resume();

   private:
    std::unique_ptr<Socket> socket_;
    std::error_code error_;
  };

  class SleepUntil {
   public:
    SleepUntil(LoopIo& io, Clock::time_point time) : timer_(io.context_, time) {}
    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> waiter);
    void await_resume() const noexcept {}

   private:
    boost::asio::steady_timer timer_;
  };

  /// Lets coroutines wait at the same time, as all of a loop do.
  class Gathering {
   public:
    explicit Gathering(LoopIo& io) noexcept : io_(io) {}
    LoopIo& io() noexcept { return io_; }
    void finish() const noexcept {}

   private:
    LoopIo& io_;
  };

  explicit LoopIo(boost::asio::io_context& context) : context_(context), timer_(context) {}

  ReadSome read_some(Socket& socket, std::span<char> into) { return {socket, into}; }
  WriteAll write_all(Socket& socket, std::string_view bytes) { return {socket, bytes}; }
  Connect connect(const SocketAddress& address, Clock::time_point deadline) { return {*this, address, deadline}; }
  SleepUntil sleep_until(Clock::time_point time) { return {*this, time}; }

 private:
  void arm_timer();

  boost::asio::io_context& context_;
  DeadlineQueue deadlines_;
  boost::asio::steady_timer timer_;
};

}  // namespace waitlab::server
