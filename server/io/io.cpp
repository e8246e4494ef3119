#include "server/io/io.hpp"

#include "server/counts/request_state.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <cerrno>
#include <utility>

namespace waitlab::server {

namespace {

std::error_code last_error() {
  return {errno, std::system_category()};
}

/// Repeats a non-blocking call until it is not interrupted. Returns whether it got anywhere or failed; false: it would
/// have to wait.
template <class Transfer>
bool transfer(IoResult& result, Transfer call) {
  ssize_t bytes = 0;
  do
    bytes = call();
  while (bytes < 0 && errno == EINTR);
  if (bytes < 0 && errno == EAGAIN) return false;
  if (bytes < 0) result.error = last_error();
  if (bytes > 0) result.bytes += static_cast<std::size_t>(bytes);
  return true;
}

}  // namespace

bool Socket::has_unread_bytes() const {
  char byte = 0;
  return ::recv(handle_, &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

bool Socket::is_quiet() const {
  char byte = 0;
  return ::recv(handle_, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && errno == EAGAIN;
}

bool Socket::is_broken() {
  int error = 0;
  socklen_t size = sizeof error;
  // The kernel tells an error once.
  broken_ = broken_ || ::getsockopt(handle_, SOL_SOCKET, SO_ERROR, &error, &size) != 0 || error != 0;
  return broken_;
}

short Call::events() const noexcept {
  return kind_ == Kind::read ? POLLIN : POLLOUT;
}

bool ReadSome::advance(std::error_code waited) {
  IoResult result{0, waited};
  if (!waited) {
    const std::span<char> room = into_.room();
    const bool moved =
        transfer(result, [&] { return ::recv(socket()->native_handle(), room.data(), room.size(), MSG_DONTWAIT); });
    if (!moved) {
      into_.release_if_empty();
      return false;
    }
  }
  received(result);
  return true;
}

void ReadSome::received(const IoResult& result) noexcept {
  result_ = result;
  into_.received(result.bytes);
}

bool WriteAll::advance(std::error_code waited) {
  result_.error = waited;
  while (!result_.error && result_.bytes < bytes_.size()) {
    const std::string_view rest = bytes_.substr(result_.bytes);
    const bool moved = transfer(result_, [&] {
      return ::send(socket()->native_handle(), rest.data(), rest.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    });
    if (!moved) return false;
  }
  return true;
}

bool Connect::start() {
  FileDescriptor descriptor(::socket(address_.family(), SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const bool begun =
      descriptor && (::connect(descriptor.get(), address_.data(), address_.length) == 0 || errno == EINPROGRESS);
  if (!begun) {
    error_ = last_error();
    return true;
  }
  const int on = 1;
  ::setsockopt(descriptor.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  socket_ = io().wrap(std::move(descriptor));
  socket_->expires_at(until());
  socket_->on_behalf_of(client());
  await_on(socket_.get());
  return false;
}

bool Connect::advance(std::error_code waited) {
  error_ = waited;
  if (waited) return true;
  int outcome = 0;
  socklen_t size = sizeof outcome;
  ::getsockopt(socket_->native_handle(), SOL_SOCKET, SO_ERROR, &outcome, &size);
  error_ = {outcome, std::system_category()};
  return true;
}

Connect::Connected Connect::await_resume() {
  if (error_) socket_.reset();
  return {std::move(socket_), error_};
}

bool Compute::start() {
  work();
  return true;
}

bool Compute::advance(std::error_code waited) {
  done_.error = waited;
  return true;
}

Compute::Done Compute::await_resume() const {
  if (thrown_) std::rethrow_exception(thrown_);
  return done_;
}

void Compute::queue() noexcept {
  queued_since_ = Clock::now();
  if (request_ != nullptr) request_->queue();
}

void Compute::run() noexcept {
  const Clock::time_point now = Clock::now();
  done_.queued = now - queued_since_;
  if (request_ != nullptr) request_->run();
  if (until() <= now) {
    advance(std::make_error_code(std::errc::timed_out));
  } else {
    work();
  }
}

void Compute::work() noexcept {
  try {
    work_();
  } catch (...) {
    thrown_ = std::current_exception();
  }
}

bool SleepUntil::advance(std::error_code waited) {
  aborted_ = waited == std::errc::connection_aborted;
  return aborted_ || until() <= Clock::now();
}

}  // namespace waitlab::server
