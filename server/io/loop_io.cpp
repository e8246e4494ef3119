#include "server/io/loop_io.hpp"

#include "server/counts/thread_track.hpp"

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <boost/intrusive/list.hpp>

#include <netinet/in.h>
#include <sys/socket.h>
#include <memory>
#include <utility>

namespace waitlab::server {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;

namespace {

tcp protocol_of(int fd) {
  sockaddr_storage local{};
  socklen_t size = sizeof local;
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&local), &size);
  return local.ss_family == AF_INET6 ? tcp::v6() : tcp::v4();
}

/// What is awaited on a loop waits at the same time as all else on it.
class LoopGathering final : public Gathering {
 public:
  explicit LoopGathering(Io& io) noexcept : io_(io) {}
  Io& io() noexcept override { return io_; }
  void finish() override {}

 private:
  Io& io_;
};

/// What is done for a client and ends with it. The client's socket lists it for as long as it lasts.
class Dependent : public boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
 public:
  virtual void client_gone() = 0;

 protected:
  ~Dependent() = default;
};

using Dependents = boost::intrusive::list<Dependent, boost::intrusive::constant_time_size<false>>;

}  // namespace

/// The deadline is a node in the loop's queue, not a timer: moving it later, as each request does, costs a store.
class LoopIo::LoopSocket final : public Socket, public Deadline, public Dependent {
 public:
  using Stream = asio::basic_stream_socket<tcp, asio::io_context::executor_type>;

  LoopSocket(LoopIo& io, FileDescriptor descriptor) : Socket(descriptor.get()), io_(io), stream_(io.context_) {
    const tcp protocol = protocol_of(descriptor.get());
    boost::system::error_code error;
    stream_.assign(protocol, descriptor.get(), error);
    // Nobody else may be given its number while it is used.
    error ? void(unwatched_ = std::move(descriptor)) : void(descriptor.release());
  }

  ~LoopSocket() override {
    if (watcher_) *watcher_ = nullptr;
  }

  /// Why nothing is waited for any more; none if it may be.
  std::error_code end() const noexcept {
    if (unwatched_) return std::make_error_code(std::errc::no_buffer_space);
    if (client_gone_) return std::make_error_code(std::errc::connection_aborted);
    return past_due_ ? std::make_error_code(std::errc::timed_out) : std::error_code();
  }

  void expires_at(Clock::time_point deadline) override {
    Socket::expires_at(deadline);
    past_due_ = false;
    if (io_.deadlines_.set(*this, deadline)) io_.arm_timer();
  }

  void on_behalf_of(Socket* client) override {
    Socket::on_behalf_of(client);
    client_gone_ = false;
    unlink();
    if (client != nullptr) static_cast<LoopSocket&>(*client).add(*this);
  }

  /// Has it told when this is broken.
  void add(Dependent& dependent) {
    if (was_broken()) return dependent.client_gone();
    dependents_.push_back(dependent);
    watch();
  }

  void interrupt() override {
    boost::system::error_code ignored;
    stream_.cancel(ignored);
  }

  FileDescriptor release() override {
    io_.deadlines_.clear(*this);
    if (unwatched_) return std::move(unwatched_);
    boost::system::error_code error;
    return FileDescriptor(stream_.release(error));
  }

  /// Asio receives by itself: it knows when there is no use in asking the kernel before epoll has.
  void receive(ReadSome& read) {
    const std::span<char> room = read.into().room();
    stream_.async_read_some(asio::buffer(room.data(), room.size()),
                            [this, &read](const boost::system::error_code& error, std::size_t bytes) {
                              const ScopedActivity running(Activity::running);
                              read.received({bytes, error == asio::error::eof ? std::error_code() : translate(error)});
                              read.resume();
                            });
  }

  void wait_writable(Call& call) {
    stream_.async_wait(Stream::wait_write,
                       [this, &call](const boost::system::error_code& error) { io_.go_on(call, translate(error)); });
  }

 private:
  void expired() override {
    past_due_ = true;
    interrupt();
  }

  void client_gone() override {
    client_gone_ = true;
    interrupt();
  }

  /// Asio has no word for a reset alone; it tells of errors, a hang-up and urgent data. A wait for them costs a system
  /// call to begin with, so there is one for as long as it lasts, and only on sockets that something depends on.
  void watch() {
    if (!watcher_) watcher_ = std::make_shared<LoopSocket*>(this);
    if (std::exchange(watching_, true)) return;
    stream_.async_wait(Stream::wait_error, [watcher = watcher_](const boost::system::error_code& error) {
      if (*watcher != nullptr) (*watcher)->watched(error);
    });
  }

  void watched(const boost::system::error_code& error) {
    watching_ = false;
    const bool interrupted = error == asio::error::operation_aborted;  // as all waits on the socket were
    if (interrupted && !dependents_.empty()) return watch();
    if (error || !is_broken()) return;
    while (!dependents_.empty()) {
      Dependent& dependent = dependents_.front();
      dependents_.pop_front();
      dependent.client_gone();
    }
  }

  std::error_code translate(const boost::system::error_code& error) const {
    if (!error) return {};
    if (error != asio::error::operation_aborted) return error;
    return end() ? end() : std::make_error_code(std::errc::operation_canceled);
  }

  LoopIo& io_;
  Stream stream_;
  FileDescriptor unwatched_;  ///< if the kernel has no means left to watch it for the loop: in the place of the stream
  bool past_due_ = false;
  bool client_gone_ = false;
  bool watching_ = false;
  Dependents dependents_;
  std::shared_ptr<LoopSocket*> watcher_;  ///< for what is told after the socket's end; null until there is a dependent
};

struct LoopIo::Sleep final : Dependent {
  Sleep(asio::io_context& context, Clock::time_point time) : timer(context, time) {}

  void client_gone() override {
    aborted = true;
    timer.cancel();
  }

  asio::steady_timer timer;
  bool aborted = false;
};

std::unique_ptr<Socket> LoopIo::wrap(FileDescriptor descriptor) {
  return std::make_unique<LoopSocket>(*this, std::move(descriptor));
}

bool LoopIo::begin(Call& call) {
  // To receive at once would let a peer that sends without end keep the loop from the others.
  const bool done = call.kind() != Call::Kind::read && call.start();
  return done || has_ended(call);
}

void LoopIo::park(Call& call) {
  if (call.socket() == nullptr) return sleep(call);
  auto& socket = static_cast<LoopSocket&>(*call.socket());
  if (call.kind() == Call::Kind::read) return socket.receive(static_cast<ReadSome&>(call));
  socket.wait_writable(call);
}

std::unique_ptr<Gathering> LoopIo::gather() {
  return std::make_unique<LoopGathering>(*this);
}

/// Ends the call if its deadline has passed or its client has gone already: nothing would end its wait.
bool LoopIo::has_ended(Call& call) {
  const auto* const socket = static_cast<const LoopSocket*>(call.socket());
  return socket != nullptr && socket->end() && call.advance(socket->end());
}

/// A step of the loop's thread: it runs until the coroutine waits again or ends.
void LoopIo::go_on(Call& call, std::error_code waited) {
  const ScopedActivity running(Activity::running);
  call.advance(waited) || has_ended(call) ? call.resume() : park(call);
}

void LoopIo::sleep(Call& call) {
  auto owned = std::make_unique<Sleep>(context_, call.until());
  Sleep& sleep = *owned;
  sleep.timer.async_wait([this, &call, owned = std::move(owned)](const boost::system::error_code&) {
    go_on(call, owned->aborted ? std::make_error_code(std::errc::connection_aborted) : std::error_code());
  });
  if (call.client() != nullptr) static_cast<LoopSocket&>(*call.client()).add(sleep);
}

void LoopIo::arm_timer() {
  timer_.expires_at(deadlines_.next());
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    deadlines_.expire(Clock::now());
    if (deadlines_.next() != Clock::time_point::max()) arm_timer();
  });
}

}  // namespace waitlab::server
