#include "server/io/blocking_io.hpp"

#include "server/activity/lane.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <algorithm>
#include <cerrno>
#include <ctime>
#include <limits>

namespace waitlab::server {

namespace {

using Clock = BlockingIo::Clock;

std::error_code last_error() {
  return {errno, std::system_category()};
}

int poll_timeout(Clock::time_point deadline) {
  if (deadline == Clock::time_point::max()) return -1;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
  return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, std::numeric_limits<int>::max()));
}

/// Blocks the thread until the descriptor is ready or the deadline has passed.
std::error_code wait_for_descriptor(const PollSet::Awaited& awaited) {
  for (;;) {
    pollfd polled{awaited.descriptor, awaited.events, 0};
    const int ready = ::poll(&polled, 1, poll_timeout(awaited.until));
    if (ready > 0) return {};
    if (ready == 0) return std::make_error_code(std::errc::timed_out);
    if (errno != EINTR) return last_error();
  }
}

/// Blocks the thread until then.
std::error_code wait_until(Clock::time_point time) {
  // libstdc++'s steady_clock is CLOCK_MONOTONIC, so its time points can be slept until as they are.
  const auto since_epoch = time.time_since_epoch();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(since_epoch);
  const timespec until{seconds.count(), std::chrono::nanoseconds(since_epoch - seconds).count()};
  while (::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr) == EINTR) {
  }
  return std::make_error_code(std::errc::timed_out);
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

bool BlockingIo::Call::await_ready() {
  std::error_code waited;
  while (!advance(waited)) {
    if (gathered_ != nullptr) return false;
    const Doing waiting(Activity::waiting);
    waited = awaited_.descriptor < 0 ? wait_until(awaited_.until) : wait_for_descriptor(awaited_);
  }
  return true;
}

BlockingIo::ReadSome::ReadSome(const BlockingIo& io, const Socket& socket, std::span<char> into)
    : Call(io, {socket.native_handle(), POLLIN, socket.deadline_}), into_(into) {}

bool BlockingIo::ReadSome::advance(std::error_code waited) {
  result_.error = waited;
  if (waited) return true;
  return transfer(result_, [this] { return ::recv(awaited_.descriptor, into_.data(), into_.size(), MSG_DONTWAIT); });
}

BlockingIo::WriteAll::WriteAll(const BlockingIo& io, const Socket& socket, std::string_view bytes)
    : Call(io, {socket.native_handle(), POLLOUT, socket.deadline_}), bytes_(bytes) {}

bool BlockingIo::WriteAll::advance(std::error_code waited) {
  result_.error = waited;
  while (!result_.error && result_.bytes < bytes_.size()) {
    const std::string_view rest = bytes_.substr(result_.bytes);
    const bool moved = transfer(
        result_, [&] { return ::send(awaited_.descriptor, rest.data(), rest.size(), MSG_DONTWAIT | MSG_NOSIGNAL); });
    if (!moved) return false;
  }
  return true;
}

BlockingIo::Connect::Connect(BlockingIo& io, const SocketAddress& address, Clock::time_point deadline)
    : Call(io, {-1, POLLOUT, deadline}), io_(io), address_(address) {}

bool BlockingIo::Connect::advance(std::error_code waited) {
  error_ = waited;
  if (waited) return true;
  if (!descriptor_) return begin();
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(descriptor_.get(), SOL_SOCKET, SO_ERROR, &error, &size);
  error_ = {error, std::system_category()};
  return true;
}

/// Returns whether the outcome is known already.
bool BlockingIo::Connect::begin() {
  descriptor_ = FileDescriptor(::socket(address_.family(), SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  awaited_.descriptor = descriptor_.get();
  const bool begun =
      descriptor_ && (::connect(descriptor_.get(), address_.data(), address_.length) == 0 || errno == EINPROGRESS);
  if (!begun) {
    error_ = last_error();
    return true;
  }
  const int on = 1;
  ::setsockopt(descriptor_.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return false;
}

BlockingIo::Connected BlockingIo::Connect::await_resume() {
  if (error_) return {nullptr, error_};
  return {std::make_unique<Socket>(io_, std::move(descriptor_)), {}};
}

}  // namespace waitlab::server
