#include "server/io/loop_io.hpp"

#include "server/counts/thread_track.hpp"

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <netinet/in.h>
#include <sys/socket.h>
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

}  // namespace

/// The deadline is a node in the loop's queue, not a timer: moving it later, as each request does, costs a store.
class LoopIo::LoopSocket final : public Socket, public Deadline {
 public:
  using Stream = asio::basic_stream_socket<tcp, asio::io_context::executor_type>;

  LoopSocket(LoopIo& io, FileDescriptor descriptor) : Socket(descriptor.get()), io_(io), stream_(io.context_) {
    const tcp protocol = protocol_of(descriptor.get());
    boost::system::error_code error;
    // On failure the descriptor closes here, and whatever is tried on the socket fails.
    stream_.assign(protocol, descriptor.get(), error);
    if (!error) static_cast<void>(descriptor.release());
  }

  bool is_past_due() const noexcept { return past_due_; }

  void expires_at(Clock::time_point deadline) override {
    Socket::expires_at(deadline);
    past_due_ = false;
    if (io_.deadlines_.set(*this, deadline)) io_.arm_timer();
  }

  void interrupt() override {
    boost::system::error_code ignored;
    stream_.cancel(ignored);
  }

  FileDescriptor release() override {
    io_.deadlines_.clear(*this);
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

  std::error_code translate(const boost::system::error_code& error) const {
    if (!error) return {};
    if (error == asio::error::operation_aborted) {
      return std::make_error_code(past_due_ ? std::errc::timed_out : std::errc::operation_canceled);
    }
    return error;
  }

  LoopIo& io_;
  Stream stream_;
  bool past_due_ = false;
};

std::unique_ptr<Socket> LoopIo::wrap(FileDescriptor descriptor) {
  return std::make_unique<LoopSocket>(*this, std::move(descriptor));
}

bool LoopIo::begin(Call& call) {
  // To receive at once would let a peer that sends without end keep the loop from the others.
  const bool done = call.kind() != Call::Kind::read && call.start();
  return done || is_past_due(call);
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

/// Ends the call if its deadline has passed already: nothing would end its wait.
bool LoopIo::is_past_due(Call& call) {
  const auto* const socket = static_cast<const LoopSocket*>(call.socket());
  return socket != nullptr && socket->is_past_due() && call.advance(std::make_error_code(std::errc::timed_out));
}

/// A step of the loop's thread: it runs until the coroutine waits again or ends.
void LoopIo::go_on(Call& call, std::error_code waited) {
  const ScopedActivity running(Activity::running);
  call.advance(waited) || is_past_due(call) ? call.resume() : park(call);
}

void LoopIo::sleep(Call& call) {
  auto timer = std::make_unique<asio::steady_timer>(context_, call.until());
  asio::steady_timer& waiting = *timer;
  waiting.async_wait([this, &call, timer = std::move(timer)](const boost::system::error_code&) { go_on(call, {}); });
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
