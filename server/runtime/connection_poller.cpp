#include "server/runtime/connection_poller.hpp"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

namespace waitlab::server {

namespace {

using Clock = std::chrono::steady_clock;

using std::chrono::milliseconds;

constexpr milliseconds longest_tick{1000};

/// Returns whether the kernel has the means to.
[[nodiscard]] bool watch(int epoll, int fd, std::uint32_t events, void* token) noexcept {
  epoll_event event{};
  event.events = events;
  event.data.ptr = token;
  // A connection is watched for the first time, or again.
  return ::epoll_ctl(epoll, EPOLL_CTL_MOD, fd, &event) == 0 || ::epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) == 0;
}

void watch_or_throw(int epoll, int fd, void* token) {
  if (!watch(epoll, fd, EPOLLIN, token)) throw std::system_error(errno, std::system_category(), "epoll_ctl");
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
  watch_or_throw(epoll_.get(), wake_.get(), &wake_);
}

ConnectionPoller::~ConnectionPoller() {
  stop();
}

void ConnectionPoller::accept_from(Listener& listener) {
  listener_ = &listener;
  watch_or_throw(epoll_.get(), listener.descriptor(), &listener_);
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

ConnectionPoller::Parking ConnectionPoller::park(std::unique_ptr<Connection>& connection) {
  const int fd = connection->socket->native_handle();
  const auto& expected = connection->http.expected;
  ParkedList& list = expected ? partial_ : idle_;
  const TimePoint due = expected ? expected->due : Clock::now() + keep_alive_;
  ParkedList one;
  one.push_back({std::move(connection), due, &list, {}});
  Parked& parked = one.front();
  parked.self = one.begin();
  // Watched under the lock: the event, and the sweep that gives up what is overdue, may come at once on the poller's
  // thread.
  const std::scoped_lock lock(mutex_);
  if (stopped_ || !watch(epoll_.get(), fd, EPOLLIN | EPOLLRDHUP | EPOLLONESHOT, &parked)) {
    connection = std::move(parked.connection);
    return stopped_ ? Parking::stopped : Parking::unwatched;
  }
  list.splice(list.end(), one);
  earliest_due_ = std::min(earliest_due_, due);
  return Parking::parked;
}

std::vector<std::unique_ptr<Connection>> ConnectionPoller::stop() {
  thread_.request_stop();
  ::eventfd_write(wake_.get(), 1);
  if (thread_.joinable()) thread_.join();
  std::vector<std::unique_ptr<Connection>> connections;
  const std::scoped_lock lock(mutex_);
  stopped_ = true;
  for (ParkedList* const list : {&idle_, &partial_}) {
    for (Parked& parked : *list)
      connections.push_back(std::move(parked.connection));
    list->clear();
  }
  return connections;
}

void ConnectionPoller::accept_last() {
  if (listener_ != nullptr) listener_->accept_last(telemetry_, site_, callbacks_.on_accepted);
}

void ConnectionPoller::run(const std::stop_token& stop) {
  std::array<epoll_event, 64> events;
  tick(Clock::now());
  while (!stop.stop_requested()) {
    const auto patience = std::chrono::ceil<milliseconds>(next_due() - Clock::now());
    const auto longest = accepting_paused_ ? std::min(patience, Listener::retry_pause) : patience;
    const int count = ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()),
                                   static_cast<int>(std::max<milliseconds::rep>(longest.count(), 0)));
    if (accepting_paused_) accept();
    for (int index = 0; index < count && !stop.stop_requested(); ++index) {
      const epoll_event& event = events[static_cast<std::size_t>(index)];
      if (event.data.ptr == &listener_) {
        accept();
      } else if (event.data.ptr != &wake_) {
        callbacks_.on_readable(unpark(*static_cast<Parked*>(event.data.ptr)));
      }
    }
    if (const TimePoint now = Clock::now(); next_due() <= now) tick(now);
  }
}

void ConnectionPoller::accept() {
  const bool goes_on = listener_->accept_ready(telemetry_, site_, callbacks_.on_accepted);
  if (goes_on != accepting_paused_) return;
  // What is watched already takes no means more. Were it to fail, what waits would be accepted once the pause is over.
  if (watch(epoll_.get(), listener_->descriptor(), goes_on ? EPOLLIN : 0U, &listener_)) accepting_paused_ = !goes_on;
}

std::unique_ptr<Connection> ConnectionPoller::unpark(Parked& parked) {
  const std::scoped_lock lock(mutex_);
  std::unique_ptr<Connection> connection = std::move(parked.connection);
  parked.list->erase(parked.self);
  return connection;
}

ConnectionPoller::TimePoint ConnectionPoller::next_due() {
  const std::scoped_lock lock(mutex_);
  return std::min(earliest_due_, next_tick_);
}

void ConnectionPoller::tick(TimePoint now) {
  give_up_overdue(now);
  next_tick_ = std::min(now + longest_tick, callbacks_.on_tick(now));
}

void ConnectionPoller::give_up_overdue(TimePoint now) {
  ParkedList overdue;
  {
    const std::scoped_lock lock(mutex_);
    const auto take = [&](ParkedList::iterator parked) { overdue.splice(overdue.end(), *parked->list, parked); };
    while (!idle_.empty() && idle_.front().due <= now)
      take(idle_.begin());
    earliest_due_ = idle_.empty() ? TimePoint::max() : idle_.front().due;
    for (auto parked = partial_.begin(); parked != partial_.end();) {
      const auto current = parked++;
      current->due <= now ? take(current) : static_cast<void>(earliest_due_ = std::min(earliest_due_, current->due));
    }
  }
  for (Parked& parked : overdue) {
    // It may live on elsewhere, and is not to be heard of here.
    ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, parked.connection->socket->native_handle(), nullptr);
    (parked.list == &idle_ ? callbacks_.on_idle : callbacks_.on_late)(std::move(parked.connection));
  }
}

}  // namespace waitlab::server
