#include "server/io/loop_io.hpp"

#include "server/activity/lane.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/write.hpp>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <cerrno>

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

/// A step of the loop's thread: it runs until the coroutine waits again or ends.
void resume(std::coroutine_handle<> waiter) {
  const Doing running(Activity::running);
  waiter.resume();
}

}  // namespace

LoopIo::Socket::Socket(LoopIo& io, FileDescriptor descriptor) : io_(io), stream_(io.context_) {
  const tcp protocol = protocol_of(descriptor.get());
  boost::system::error_code error;
  // On failure the descriptor closes here, and whatever is tried on the socket fails.
  stream_.assign(protocol, descriptor.get(), error);
  if (!error) static_cast<void>(descriptor.release());
}

void LoopIo::Socket::expires_at(Clock::time_point deadline) {
  timed_out_ = false;
  if (io_.deadlines_.set(*this, deadline)) io_.arm_timer();
}

void LoopIo::Socket::interrupt() {
  boost::system::error_code ignored;
  stream_.cancel(ignored);
}

FileDescriptor LoopIo::Socket::release() {
  io_.deadlines_.clear(*this);
  boost::system::error_code error;
  return FileDescriptor(stream_.release(error));
}

void LoopIo::Socket::expired() {
  timed_out_ = true;
  interrupt();
}

std::error_code LoopIo::Socket::translate(const boost::system::error_code& error) const {
  if (!error) return {};
  if (error == asio::error::operation_aborted) {
    return std::make_error_code(timed_out_ ? std::errc::timed_out : std::errc::operation_canceled);
  }
  return error;
}

bool LoopIo::ReadSome::await_ready() {
  if (!socket_.timed_out_) return false;
  result_.error = std::make_error_code(std::errc::timed_out);
  return true;
}

void LoopIo::ReadSome::await_suspend(std::coroutine_handle<> waiter) {
  socket_.stream_.async_read_some(asio::buffer(into_.data(), into_.size()),
                                  [this, waiter](const boost::system::error_code& error, std::size_t bytes) {
                                    result_.bytes = bytes;
                                    if (error && error != asio::error::eof) result_.error = socket_.translate(error);
                                    resume(waiter);
                                  });
}

bool LoopIo::WriteAll::await_ready() {
  // Nearly every response fits the socket's buffer: one send, and no trip through the loop.
  const ssize_t sent = ::send(socket_.native_handle(), bytes_.data(), bytes_.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  if (sent < 0 && errno != EAGAIN && errno != EINTR) {
    result_.error = {errno, std::system_category()};
    return true;
  }
  result_.bytes = sent < 0 ? 0 : static_cast<std::size_t>(sent);
  if (result_.bytes == bytes_.size()) return true;
  // A deadline that has passed already will not end the wait.
  if (socket_.timed_out_) result_.error = std::make_error_code(std::errc::timed_out);
  return socket_.timed_out_;
}

void LoopIo::WriteAll::await_suspend(std::coroutine_handle<> waiter) {
  asio::async_write(socket_.stream_, asio::buffer(bytes_.data() + result_.bytes, bytes_.size() - result_.bytes),
                    [this, waiter](const boost::system::error_code& error, std::size_t bytes) {
                      result_.bytes += bytes;
                      result_.error = socket_.translate(error);
                      resume(waiter);
                    });
}

LoopIo::Connect::Connect(LoopIo& io, const SocketAddress& address, Clock::time_point deadline) {
  FileDescriptor descriptor(::socket(address.family(), SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const bool started =
      descriptor && (::connect(descriptor.get(), address.data(), address.length) == 0 || errno == EINPROGRESS);
  if (!started) {
    error_ = {errno, std::system_category()};
    return;
  }
  const int on = 1;
  ::setsockopt(descriptor.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  socket_ = std::make_unique<Socket>(io, std::move(descriptor));
  socket_->expires_at(deadline);
}

void LoopIo::Connect::await_suspend(std::coroutine_handle<> waiter) {
  socket_->stream_.async_wait(Stream::wait_write, [this, waiter](const boost::system::error_code& error) {
    error_ = socket_->translate(error);
    int outcome = 0;
    socklen_t size = sizeof outcome;
    ::getsockopt(socket_->native_handle(), SOL_SOCKET, SO_ERROR, &outcome, &size);
    if (!error_ && outcome != 0) error_ = {outcome, std::system_category()};
    resume(waiter);
  });
}

LoopIo::Connected LoopIo::Connect::await_resume() {
  if (error_) socket_.reset();
  return {std::move(socket_), error_};
}

void LoopIo::SleepUntil::await_suspend(std::coroutine_handle<> waiter) {
  timer_.async_wait([waiter](const boost::system::error_code&) { resume(waiter); });
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
