#include "server/io/blocking_io.hpp"

#include <fcntl.h>
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
std::error_code wait_for(int fd, short events, Clock::time_point deadline) {
  for (;;) {
    pollfd waited{fd, events, 0};
    const int ready = ::poll(&waited, 1, poll_timeout(deadline));
    if (ready > 0) return {};
    if (ready == 0) return std::make_error_code(std::errc::timed_out);
    if (errno != EINTR) return last_error();
  }
}

/// Runs a non-blocking call, blocking in poll whenever it has to wait.
template <class Call>
IoResult perform(int fd, short events, Clock::time_point deadline, Call call) {
  for (;;) {
    const ssize_t bytes = call();
    if (bytes >= 0) return {static_cast<std::size_t>(bytes), {}};
    if (errno == EINTR) continue;
    if (errno != EAGAIN) return {0, last_error()};
    if (const std::error_code error = wait_for(fd, events, deadline)) return {0, error};
  }
}

}  // namespace

BlockingIo::Done<IoResult> BlockingIo::read_some(Socket& socket, std::span<char> into) {
  const int fd = socket.native_handle();
  return {perform(fd, POLLIN, socket.deadline_, [&] { return ::recv(fd, into.data(), into.size(), MSG_DONTWAIT); })};
}

BlockingIo::Done<IoResult> BlockingIo::write_all(Socket& socket, std::string_view bytes) {
  const int fd = socket.native_handle();
  IoResult total;
  while (total.bytes < bytes.size()) {
    const std::string_view rest = bytes.substr(total.bytes);
    const IoResult sent = perform(fd, POLLOUT, socket.deadline_,
                                  [&] { return ::send(fd, rest.data(), rest.size(), MSG_DONTWAIT | MSG_NOSIGNAL); });
    total.bytes += sent.bytes;
    total.error = sent.error;
    if (total.error) break;
  }
  return {total};
}

BlockingIo::Done<BlockingIo::Connected> BlockingIo::connect(const SocketAddress& address, Clock::time_point deadline) {
  FileDescriptor descriptor(::socket(address.family(), SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!descriptor) return {{nullptr, last_error()}};
  const int on = 1;
  ::setsockopt(descriptor.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (::connect(descriptor.get(), address.data(), address.length) < 0) {
    if (errno != EINPROGRESS) return {{nullptr, last_error()}};
    if (const std::error_code error = wait_for(descriptor.get(), POLLOUT, deadline)) return {{nullptr, error}};
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(descriptor.get(), SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0) return {{nullptr, {error, std::system_category()}}};
  }
  return {{std::make_unique<Socket>(*this, std::move(descriptor)), {}}};
}

BlockingIo::Done<std::monostate> BlockingIo::sleep_until(Clock::time_point time) {
  // libstdc++'s steady_clock is CLOCK_MONOTONIC, so its time points can be slept until as they are.
  const auto since_epoch = time.time_since_epoch();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(since_epoch);
  const timespec until{seconds.count(), std::chrono::nanoseconds(since_epoch - seconds).count()};
  while (::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr) == EINTR) {
  }
  return {};
}

}  // namespace waitlab::server
