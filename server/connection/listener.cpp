#include "server/connection/listener.hpp"

#include "common/net/stop_handshakes.hpp"
#include "server/connection/serve_request.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <iterator>
#include <mutex>
#include <shared_mutex>
#include <utility>

namespace waitlab::server {

namespace {

FileDescriptor open_spare() {
  return FileDescriptor(::open("/dev/null", O_RDONLY | O_CLOEXEC));
}

}  // namespace

std::optional<Listener::Watched> Listener::Watched::over(std::span<const FileDescriptor> sockets) {
  Watched watched;
  for (const FileDescriptor& socket : sockets)
    watched.sockets_.push_back(socket.get());
  if (sockets.size() == 1) return watched;
  watched.any_ = FileDescriptor(::epoll_create1(EPOLL_CLOEXEC));
  if (!watched.any_) return std::nullopt;
  for (const int socket : watched.sockets_) {
    epoll_event event{};
    event.events = EPOLLIN;
    if (::epoll_ctl(watched.any_.get(), EPOLL_CTL_ADD, socket, &event) < 0) return std::nullopt;
  }
  return watched;
}

FileDescriptor Listener::Watched::accept() const noexcept {
  for (const int socket : sockets_) {
    FileDescriptor accepted(::accept4(socket, nullptr, nullptr, SOCK_CLOEXEC));
    if (accepted || errno != EAGAIN) return accepted;
  }
  return {};
}

Listener::Listener(Settings settings, std::vector<FileDescriptor> sockets, std::vector<SocketAddress> addresses,
                   Watched all, std::vector<Watched> of_queue)
    : settings_(std::move(settings)),
      sockets_(std::move(sockets)),
      addresses_(std::move(addresses)),
      all_(std::move(all)),
      of_queue_(std::move(of_queue)),
      spare_(open_spare()) {}

Result<Listener> Listener::open(const std::string& name, const Settings& settings) {
  auto wanted = resolve_all(settings.address, settings.port);
  if (!wanted) return Failure{name + ".address: " + wanted.error().message};
  const bool one_of_several = wanted->size() > 1;
  std::vector<FileDescriptor> sockets;
  std::vector<SocketAddress> addresses = std::move(*wanted);
  for (std::uint32_t queue = 0; queue < settings.queues; ++queue) {
    const Sharing sharing = settings.queues == 1 ? Sharing::none : queue == 0 ? Sharing::first : Sharing::further;
    auto listening = listen_on_all(name, addresses,
                                   [&](SocketAddress& address) { return listen_on(address, one_of_several, sharing); });
    if (!listening) return listening.error();
    std::ranges::move(listening->sockets, std::back_inserter(sockets));
    addresses = std::move(listening->addresses);
  }
  auto all = Watched::over(sockets);
  std::vector<Watched> of_queue;
  for (std::uint32_t queue = 0; all && settings.queues > 1 && queue < settings.queues; ++queue) {
    auto watched = Watched::over(std::span(sockets).subspan(queue * addresses.size(), addresses.size()));
    watched ? of_queue.push_back(std::move(*watched)) : all.reset();
  }
  if (!all) return Failure{name + ": cannot wait for connections: " + std::strerror(errno)};
  return Listener(settings, std::move(sockets), std::move(addresses), std::move(*all), std::move(of_queue));
}

bool Listener::stop_handshakes() {
  return std::ranges::all_of(sockets_,
                             [](const FileDescriptor& socket) { return waitlab::stop_handshakes(socket.get()); });
}

bool Listener::accept_ready(Telemetry& telemetry, Site& site, const std::function<void(IdleConnection)>& take,
                            const Share& share) {
  regain_spare();
  for (int accepted = 0; accepted < share.at_once; ++accepted) {
    const Outcome outcome = accept_one(telemetry, site, take, sockets_of(share));
    if (outcome != Outcome::accepted) return outcome == Outcome::none_waiting;
  }
  return true;
}

void Listener::accept_last(Telemetry& telemetry, Site& site, const std::function<void(IdleConnection)>& take) {
  // The kernel holds one more than it was asked to.
  std::size_t left = (listen_backlog + 1) * sockets_.size();
  while (left > 0 && accept_one(telemetry, site, take, all_) == Outcome::accepted)
    --left;
  // Shut down, not closed: a strategy that was replaced, and is busy, may not have noticed yet that it accepts no more.
  for (const FileDescriptor& socket : sockets_)
    ::shutdown(socket.get(), SHUT_RDWR);
}

Listener::Outcome Listener::accept_one(Telemetry& telemetry, Site& site,
                                       const std::function<void(IdleConnection)>& take, const Watched& from) {
  FileDescriptor socket;
  int error = 0;
  {
    // Not while another refuses: the place that the spare one left is for that.
    const std::shared_lock lock(*spare_mutex_);
    socket = from.accept();
    error = errno;
  }
  if (!socket) {
    if (error == ECONNABORTED || error == EINTR) return Outcome::accepted;
    if (error == EAGAIN || error == EINVAL) return Outcome::none_waiting;  // the latter once it was shut down
    if (error == EMFILE || error == ENFILE) return refuse_with_spare(telemetry, site, from);
    count(telemetry.counts.here().refused[Refusal::accept_error]);
    return Outcome::no_descriptor;
  }
  Counted open(site.shared->connections, settings_.max_connections);
  if (!open) {
    count(telemetry.counts.here().refused[Refusal::max_connections]);
    IdleConnection refused{std::move(socket), HttpState(settings_.limits), Counted()};
    if (!farewell_->refuse(refused)) refuse_at_once(refused.socket, site);
    return Outcome::accepted;
  }
  const int on = 1;
  ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  count(telemetry.counts.here().accepted);
  take({std::move(socket), HttpState(settings_.limits), std::move(open)});
  return Outcome::accepted;
}

/// Another thread may have opened something just when it was let go of. What it needs comes before a connection more:
/// without it the next ones would be left hanging.
void Listener::regain_spare() {
  const std::scoped_lock lock(*spare_mutex_);
  if (!spare_) spare_ = open_spare();
}

Listener::Outcome Listener::refuse_with_spare(Telemetry& telemetry, Site& site, const Watched& from) {
  const std::scoped_lock lock(*spare_mutex_);
  spare_.reset();
  FileDescriptor socket = from.accept();
  const bool accepted = static_cast<bool>(socket);
  if (accepted) {
    count(telemetry.counts.here().refused[Refusal::descriptors]);
    refuse_at_once(socket, site);
    socket.reset();
  }
  spare_ = open_spare();
  return accepted ? Outcome::accepted : Outcome::no_descriptor;
}

/// Without a descriptor to spare there is no time to wait for the request.
void Listener::refuse_at_once(const FileDescriptor& socket, Site& site) {
  std::array<char, 4096> received;
  const ssize_t count = ::recv(socket.get(), received.data(), received.size(), MSG_DONTWAIT);
  RequestParser parser;
  if (count > 0) parser.put({received.data(), static_cast<std::size_t>(count)});
  std::string answer;
  append_last_answer(answer, site, no_room, parser);
  ::send(socket.get(), answer.data(), answer.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  ::shutdown(socket.get(), SHUT_WR);
}

}  // namespace waitlab::server
