#include "server/connection/connection_poller.hpp"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

namespace waitlab::server {

namespace {

using Clock = std::chrono::steady_clock;

constexpr int tick_ms = 1000;

void watch(int epoll, int fd, std::uint32_t events, void* token) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = token;
  // A connection is watched for the first time, or again.
  if (::epoll_ctl(epoll, EPOLL_CTL_MOD, fd, &event) < 0) ::epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

FileDescriptor checked(int fd, const char* what) {
  if (fd < 0) throw std::system_error(errno, std::system_category(), what);
  return FileDescriptor(fd);
}

}  // namespace

ConnectionPoller::ConnectionPoller(std::chrono::nanoseconds keep_alive, Telemetry& telemetry, Callbacks callbacks)
    : keep_alive_(keep_alive),
      telemetry_(telemetry),
      callbacks_(std::move(callbacks)),
      epoll_(checked(::epoll_create1(EPOLL_CLOEXEC), "epoll_create1")),
      wake_(checked(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "eventfd")) {
  watch(epoll_.get(), wake_.get(), EPOLLIN, &wake_);
}

ConnectionPoller::~ConnectionPoller() {
  stop();
}

void ConnectionPoller::accept_from(Listener& listener) {
  listener_ = &listener;
  watch(epoll_.get(), listener.descriptor(), EPOLLIN, &listener_);
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

void ConnectionPoller::park(std::unique_ptr<BlockingConnection> connection) {
  const int fd = connection->socket.native_handle();
  ParkedList one;
  one.push_back({std::move(connection), Clock::now(), {}});
  Parked& parked = one.front();
  parked.self = one.begin();
  // Watched under the lock: the event, and the sweep that closes what is overdue, may come at once on the poller's
  // thread.
  const std::scoped_lock lock(mutex_);
  parked_.splice(parked_.end(), one);
  watch(epoll_.get(), fd, EPOLLIN | EPOLLRDHUP | EPOLLONESHOT, &parked);
}

std::vector<std::unique_ptr<BlockingConnection>> ConnectionPoller::stop() {
  thread_.request_stop();
  ::eventfd_write(wake_.get(), 1);
  if (thread_.joinable()) thread_.join();
  std::vector<std::unique_ptr<BlockingConnection>> connections;
  const std::scoped_lock lock(mutex_);
  for (Parked& parked : parked_)
    connections.push_back(std::move(parked.connection));
  parked_.clear();
  return connections;
}

void ConnectionPoller::run(const std::stop_token& stop) {
  std::array<epoll_event, 64> events;
  Clock::time_point next_tick = Clock::now() + std::chrono::milliseconds(tick_ms);
  while (!stop.stop_requested()) {
    const int count = ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), tick_ms);
    for (int index = 0; index < count && !stop.stop_requested(); ++index) {
      void* const token = events[static_cast<std::size_t>(index)].data.ptr;
      if (token == &listener_) {
        listener_->accept_ready(telemetry_, callbacks_.on_accepted);
      } else if (token != &wake_) {
        handle_readable(*static_cast<Parked*>(token));
      }
    }
    if (Clock::now() < next_tick) continue;
    next_tick = Clock::now() + std::chrono::milliseconds(tick_ms);
    give_up_overdue();
    callbacks_.on_tick();
  }
}

void ConnectionPoller::handle_readable(Parked& parked) {
  std::unique_ptr<BlockingConnection> connection;
  {
    const std::scoped_lock lock(mutex_);
    connection = std::move(parked.connection);
    parked_.erase(parked.self);
  }
  connection->http.readable_since = Clock::now();
  connection->in_flight = Counted(telemetry_.in_flight);
  callbacks_.on_readable(std::move(connection));
}

void ConnectionPoller::give_up_overdue() {
  ParkedList overdue;
  {
    const std::scoped_lock lock(mutex_);
    while (!parked_.empty() && parked_.front().since + keep_alive_ <= Clock::now()) {
      overdue.splice(overdue.end(), parked_, parked_.begin());
    }
  }
  for (Parked& parked : overdue) {
    telemetry_.endings[Ending::idle_timeout].add();
    callbacks_.on_overdue(std::move(parked.connection));
  }
}

}  // namespace waitlab::server
