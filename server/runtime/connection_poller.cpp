#include "server/runtime/connection_poller.hpp"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

namespace waitlab::server {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds tick{1000};

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

ConnectionPoller::ConnectionPoller(std::chrono::nanoseconds keep_alive, Telemetry& telemetry, Site& site,
                                   Callbacks callbacks)
    : keep_alive_(keep_alive),
      telemetry_(telemetry),
      site_(site),
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

std::unique_ptr<Connection> ConnectionPoller::park(std::unique_ptr<Connection> connection) {
  const int fd = connection->socket->native_handle();
  ParkedList one;
  one.push_back({std::move(connection), Clock::now(), {}});
  Parked& parked = one.front();
  parked.self = one.begin();
  // Watched under the lock: the event, and the sweep that closes what is overdue, may come at once on the poller's
  // thread.
  const std::scoped_lock lock(mutex_);
  if (stopped_) return std::move(parked.connection);
  parked_.splice(parked_.end(), one);
  watch(epoll_.get(), fd, EPOLLIN | EPOLLRDHUP | EPOLLONESHOT, &parked);
  return nullptr;
}

std::vector<std::unique_ptr<Connection>> ConnectionPoller::stop() {
  thread_.request_stop();
  ::eventfd_write(wake_.get(), 1);
  if (thread_.joinable()) thread_.join();
  std::vector<std::unique_ptr<Connection>> connections;
  const std::scoped_lock lock(mutex_);
  stopped_ = true;
  for (Parked& parked : parked_)
    connections.push_back(std::move(parked.connection));
  parked_.clear();
  return connections;
}

void ConnectionPoller::accept_rest() {
  if (listener_ != nullptr) listener_->accept_rest(telemetry_, site_, callbacks_.on_accepted);
}

void ConnectionPoller::run(const std::stop_token& stop) {
  std::array<epoll_event, 64> events;
  Clock::time_point next_tick = Clock::now() + tick;
  while (!stop.stop_requested()) {
    const auto patience = accepting_paused_ ? Listener::retry_pause : tick;
    const int count =
        ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), static_cast<int>(patience.count()));
    const Clock::time_point now = Clock::now();
    if (accepting_paused_) accept();
    for (int index = 0; index < count && !stop.stop_requested(); ++index) {
      const epoll_event& event = events[static_cast<std::size_t>(index)];
      if (event.data.ptr == &listener_) {
        accept();
      } else if (event.data.ptr != &wake_) {
        handle_event(*static_cast<Parked*>(event.data.ptr), (event.events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0,
                     now);
      }
    }
    if (now < next_tick) continue;
    next_tick = now + tick;
    give_up_overdue();
    callbacks_.on_tick();
  }
}

void ConnectionPoller::accept() {
  const bool goes_on = listener_->accept_ready(telemetry_, site_, callbacks_.on_accepted);
  if (goes_on != accepting_paused_) return;
  accepting_paused_ = !goes_on;
  watch(epoll_.get(), listener_->descriptor(), goes_on ? EPOLLIN : 0U, &listener_);
}

std::unique_ptr<Connection> ConnectionPoller::unpark(Parked& parked) {
  const std::scoped_lock lock(mutex_);
  std::unique_ptr<Connection> connection = std::move(parked.connection);
  parked_.erase(parked.self);
  return connection;
}

void ConnectionPoller::handle_event(Parked& parked, bool may_have_ended, Clock::time_point now) {
  std::unique_ptr<Connection> connection = unpark(parked);
  // A peer that only stopped sending may still have a request there to be answered.
  if (may_have_ended && !connection->socket->has_unread_bytes()) {
    callbacks_.on_ended(std::move(connection));
    return;
  }
  connection->http.readable_since = now;
  connection->request.run();
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
    count(telemetry_.counts.here().endings[Ending::idle_timeout]);
    callbacks_.on_ended(std::move(parked.connection));
  }
}

}  // namespace waitlab::server
