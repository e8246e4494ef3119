#pragma once

#include "common/net/file_descriptor.hpp"
#include "common/net/socket_address.hpp"
#include "server/io/input_buffer.hpp"

#include <chrono>
#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

namespace waitlab::server {

class Io;
class RequestState;

/// What a read or write did. A read of 0 bytes without an error is the peer's end of stream. std::errc::timed_out: the
/// socket's deadline passed. std::errc::operation_canceled: `interrupt` was called. std::errc::connection_aborted: the
/// client it was done for has gone. std::errc::no_buffer_space: it would have had to wait, and the kernel had no means
/// to watch the socket.
struct IoResult {
  std::size_t bytes = 0;
  std::error_code error;

  bool failed_with(std::errc code) const noexcept { return error == code; }
};

/// A connected stream socket, which it owns, with the deadline of whatever is done on it next. Made by an Io and used
/// through that Io only, by one thread at a time.
class Socket {
 public:
  using Clock = std::chrono::steady_clock;

  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  virtual ~Socket() = default;

  int native_handle() const noexcept { return handle_; }
  Clock::time_point deadline() const noexcept { return deadline_; }

  virtual void expires_at(Clock::time_point deadline) { deadline_ = deadline; }

  /// Whose request the socket is used for; null: nobody's. Once that one is broken, what is waited for here fails with
  /// std::errc::connection_aborted. `client`, of the same Io, must stay until another is set.
  virtual void on_behalf_of(Socket* client) { client_ = client; }
  Socket* client() const noexcept { return client_; }

  /// Ends an interruptible read under way with std::errc::operation_canceled, where the thread that calls this is the
  /// one that waits for it; elsewhere it does nothing.
  virtual void interrupt() {}

  /// Takes the descriptor out. The socket must not be used afterwards.
  virtual FileDescriptor release() = 0;

  /// Whether the peer has sent bytes that nobody has taken yet. Does not block.
  bool has_unread_bytes() const;

  /// Whether nothing has come of the peer that nobody has taken: no byte, no end, no error. Does not block.
  bool is_quiet() const;

  /// Whether the connection has been reset, so that nothing sent would arrive. A peer that has only stopped sending may
  /// still be reading. Does not block.
  bool is_broken();
  /// Whether it has been found to be, which asks nobody.
  bool was_broken() const noexcept { return broken_; }

 protected:
  explicit Socket(int handle) noexcept : handle_(handle) {}

 private:
  const int handle_;
  Clock::time_point deadline_ = Clock::time_point::max();
  Socket* client_ = nullptr;
  bool broken_ = false;
};

/// Something that may have to wait, in the frame of the coroutine that awaits it. It knows what to do and what has to
/// come first; the Io it is made for decides how that is waited for. Belongs to one thread.
class Call {
 public:
  using Clock = std::chrono::steady_clock;
  enum class Kind : std::uint8_t { read, write, connect, sleep, lock, compute };

  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  bool await_ready();
  void await_suspend(std::coroutine_handle<> waiter);

  /// Goes as far as it can without waiting. Returns whether all is done; if not, what is to be waited for stands below.
  virtual bool start() { return advance({}); }
  /// Goes on after a wait: without an error if what was waited for came, timed_out if the deadline did,
  /// connection_aborted if the client has gone. Returns as `start` does.
  virtual bool advance(std::error_code waited) = 0;

  Kind kind() const noexcept { return kind_; }
  Socket* socket() const noexcept { return socket_; }          ///< whose readiness is awaited; null for a sleep
  Clock::time_point until() const noexcept { return until_; }  ///< the end of the wait, whatever comes
  Socket* client() const noexcept { return client_; }          ///< whose end is the wait's end as well; may be null
  short events() const noexcept;                               ///< as poll wants them

  /// Who goes on when a call is done.
  struct Waiter {
    void (*go_on)(void* whom) = nullptr;
    void* whom = nullptr;
  };
  Waiter waiter() const noexcept { return waiter_; }
  void awaited_by(Waiter waiter) noexcept { waiter_ = waiter; }

  /// Has its waiter go on; once, after `park`, when all is done.
  void resume() const { waiter_.go_on(waiter_.whom); }

 protected:
  Call(Io& io, Kind kind, Socket* socket, Clock::time_point until, Socket* client) noexcept
      : io_(io), kind_(kind), socket_(socket), until_(until), client_(client) {}
  ~Call() = default;

  void await_on(Socket* socket) noexcept { socket_ = socket; }
  Io& io() const noexcept { return io_; }

 private:
  Io& io_;
  const Kind kind_;
  Socket* socket_;
  const Clock::time_point until_;
  Socket* const client_;
  Waiter waiter_;
};

/// Receives some bytes. A wait without a buffer borrows it only once bytes are there.
class ReadSome final : public Call {
 public:
  /// When the bytes are likely to be there: those that are bound to come later are not asked for before they do.
  enum class When : std::uint8_t { now, later };

  ReadSome(Io& io, Socket& socket, InputBuffer& into, When when) noexcept
      : Call(io, Kind::read, &socket, socket.deadline(), socket.client()), into_(into), when_(when) {}

  bool start() override { return when_ == When::now && advance({}); }
  bool advance(std::error_code waited) override;
  IoResult await_resume() const noexcept { return result_; }

  /// For an Io that receives by itself: where to, and what came of it.
  InputBuffer& into() const noexcept { return into_; }
  void received(const IoResult& result) noexcept;

 private:
  InputBuffer& into_;
  const When when_;
  IoResult result_;
};

class WriteAll final : public Call {
 public:
  WriteAll(Io& io, Socket& socket, std::string_view bytes) noexcept
      : Call(io, Kind::write, &socket, socket.deadline(), socket.client()), bytes_(bytes) {}

  bool advance(std::error_code waited) override;
  IoResult await_resume() const noexcept { return result_; }

 private:
  std::string_view bytes_;
  IoResult result_;
};

class Connect final : public Call {
 public:
  struct Connected {
    std::unique_ptr<Socket> socket;  ///< null on error
    std::error_code error;
  };

  Connect(Io& io, const SocketAddress& address, Clock::time_point deadline, Socket* client) noexcept
      : Call(io, Kind::connect, nullptr, deadline, client), address_(address) {}

  bool start() override;
  bool advance(std::error_code waited) override;
  Connected await_resume();

 private:
  const SocketAddress& address_;
  std::unique_ptr<Socket> socket_;
  std::error_code error_;
};

class SleepUntil final : public Call {
 public:
  SleepUntil(Io& io, Kind kind, Clock::time_point time, Socket* client) noexcept
      : Call(io, kind, nullptr, time, client) {}

  bool advance(std::error_code waited) override;
  /// Whether it slept until then; if not, the client has gone.
  bool await_resume() const noexcept { return !aborted_; }

 private:
  bool aborted_ = false;
};

/// Work that keeps its thread: it computes, or waits for what nothing else can be awaited with, such as a file. Done
/// here and now, unless the Io has a place for it.
class Compute final : public Call {
 public:
  using Work = std::function<void()>;

  struct Done {
    /// None if the work was done. resource_unavailable_try_again: there was no room for it; timed_out: not in time.
    std::error_code error;
    std::chrono::nanoseconds queued{0};  ///< how long it waited for a thread
  };

  /// `request`: whose work it is; null: nobody's. What the work throws, its awaiter does.
  Compute(Io& io, Work work, Clock::time_point deadline, RequestState* request)
      : Call(io, Kind::compute, nullptr, deadline, nullptr), work_(std::move(work)), request_(request) {}

  bool start() override;
  bool advance(std::error_code waited) override;
  Done await_resume() const;

  /// For an Io with a place for it: that it waits for a thread from now on, and then, on that thread, to do it, unless
  /// its deadline has passed.
  void queue() noexcept;
  void run() noexcept;

 private:
  void work() noexcept;

  const Work work_;
  RequestState* const request_;
  Clock::time_point queued_since_;
  Done done_;
  std::exception_ptr thrown_;
};

/// Lets coroutines wait at the same time: those over `io` suspend where they have to wait, and once `finish` has
/// returned, awaiting them waits for as long as they take. All are for one client. The Io that made it must outlive it.
class Gathering {
 public:
  virtual ~Gathering() = default;
  virtual Io& io() noexcept = 0;
  virtual void finish() = 0;
};

/// A way to wait: what a strategy gives to the connection's loop and to the handlers, which know no other. A call is
/// awaited; what an Io decides is where the time of its wait is spent. Each implementation says which threads may use
/// it.
class Io {
 public:
  using Clock = std::chrono::steady_clock;

  virtual ~Io() = default;

  virtual std::unique_ptr<Socket> wrap(FileDescriptor descriptor) = 0;

  /// Begins a call. True: it is done, its waiting included. False: `park` has it waited for.
  virtual bool begin(Call& call) = 0;
  /// Sees to it that the call goes on until all is done and is then resumed. The caller's coroutine is suspended.
  virtual void park(Call& call) = 0;

  virtual std::unique_ptr<Gathering> gather() = 0;

  /// Begins something that waits through this Io; on a loop it returns at its first wait. Returns false, without a
  /// call, if there is no room for it.
  virtual bool spawn(const std::function<void()>& run) {
    run();
    return true;
  }

  ReadSome read_some(Socket& socket, InputBuffer& into, ReadSome::When when = ReadSome::When::now) {
    return {*this, socket, into, when};
  }
  WriteAll write_all(Socket& socket, std::string_view bytes) { return {*this, socket, bytes}; }
  /// `address` must live until the call has finished.
  Connect connect(const SocketAddress& address, Clock::time_point deadline, Socket* client = nullptr) {
    return {*this, address, deadline, client};
  }
  SleepUntil sleep_until(Clock::time_point time, Socket* client = nullptr) {
    return {*this, Call::Kind::sleep, time, client};
  }
  /// The same for whoever looks again then whether a lock is free: a thread that is kept by it is seen to be locked.
  SleepUntil sleep_locked_until(Clock::time_point time, Socket* client) {
    return {*this, Call::Kind::lock, time, client};
  }
  Compute compute(Compute::Work work, Clock::time_point deadline, RequestState* request) {
    return {*this, std::move(work), deadline, request};
  }
};

inline bool Call::await_ready() {
  return io_.begin(*this);
}

inline void Call::await_suspend(std::coroutine_handle<> waiter) {
  awaited_by({[](void* frame) { std::coroutine_handle<>::from_address(frame).resume(); }, waiter.address()});
  io_.park(*this);
}

}  // namespace waitlab::server
