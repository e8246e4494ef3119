#include "tests/integration/scripted_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <cstring>
#include <stdexcept>
#include <utility>

namespace waitlab {
namespace {

sockaddr_storage any_port_of(const char* address) {
  sockaddr_storage storage{};
  auto* v4 = reinterpret_cast<sockaddr_in*>(&storage);
  auto* v6 = reinterpret_cast<sockaddr_in6*>(&storage);
  if (::inet_pton(AF_INET, address, &v4->sin_addr) == 1) {
    v4->sin_family = AF_INET;
  } else if (::inet_pton(AF_INET6, address, &v6->sin6_addr) == 1) {
    v6->sin6_family = AF_INET6;
  }
  return storage;
}

void reset_on_close(int socket) {
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

}  // namespace

ScriptedServer::ScriptedServer(Script script, const char* address) : script_(std::move(script)), address_(address) {
  sockaddr_storage storage = any_port_of(address);
  auto* name = reinterpret_cast<sockaddr*>(&storage);
  socklen_t size = storage.ss_family == AF_INET6 ? sizeof(sockaddr_in6) : sizeof(sockaddr_in);
  listener_ = FileDescriptor(::socket(storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (::bind(listener_.get(), name, size) != 0 || ::listen(listener_.get(), SOMAXCONN) != 0) {
    throw std::runtime_error(std::string("cannot listen on ") + address + ": " + std::strerror(errno));
  }
  ::getsockname(listener_.get(), name, &size);
  port_ = ntohs(reinterpret_cast<sockaddr_in*>(&storage)->sin_port);  // at the same place in both families
  acceptor_ = std::jthread([this] { accept_all(); });
}

ScriptedServer::~ScriptedServer() {
  ::shutdown(listener_.get(), SHUT_RDWR);
  acceptor_.join();
  for (const FileDescriptor& socket : sockets_)
    ::shutdown(socket.get(), SHUT_RDWR);
}

std::string ScriptedServer::url(const std::string& path) const {
  const bool v6 = address_.find(':') != std::string::npos;
  return "http://" + (v6 ? "[" + address_ + "]" : address_) + ":" + std::to_string(port_) + path;
}

std::vector<SeenRequest> ScriptedServer::requests() const {
  const std::scoped_lock lock(mutex_);
  return requests_;
}

void ScriptedServer::accept_all() {
  for (;;) {
    const int socket = ::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) return;
    sockets_.emplace_back(socket);
    workers_.emplace_back([this, socket] { serve(socket); });
  }
}

// A socket is only shut down here; its descriptor stays ours to close, so that its number can't be taken meanwhile.
void ScriptedServer::serve(int socket) {
  constexpr std::string_view head_end = "\r\n\r\n";
  std::string unread;
  for (unsigned on_connection = 0;; ++on_connection) {
    std::size_t end = 0;
    while ((end = unread.find(head_end)) == std::string::npos) {
      char buffer[4096];
      const ssize_t count = ::recv(socket, buffer, sizeof buffer, 0);
      if (count <= 0) return;
      unread.append(buffer, static_cast<std::size_t>(count));
    }
    if (!answer(socket, unread.substr(0, end), on_connection)) return;
    unread.erase(0, end + head_end.size());
  }
}

bool ScriptedServer::answer(int socket, std::string head, unsigned on_connection) {
  ScriptedAnswer answer;
  {
    const std::scoped_lock lock(mutex_);
    requests_.push_back({std::move(head), static_cast<unsigned>(requests_.size()), on_connection});
    answer = script_(requests_.back());
  }
  ::send(socket, answer.bytes.data(), answer.bytes.size(), MSG_NOSIGNAL);
  switch (answer.then) {
    case ScriptedAnswer::Then::keep:
      return true;
    case ScriptedAnswer::Then::stall:
      return false;
    case ScriptedAnswer::Then::close:
      ::shutdown(socket, SHUT_RDWR);
      return false;
    case ScriptedAnswer::Then::reset: {
      // Disconnecting a socket with a zero linger sends a reset without giving its descriptor up.
      reset_on_close(socket);
      const sockaddr nobody{.sa_family = AF_UNSPEC, .sa_data = {}};
      ::connect(socket, &nobody, sizeof nobody);
      return false;
    }
  }
  return false;
}

ScriptedAnswer ok_answer() {
  return {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", ScriptedAnswer::Then::keep};
}

}  // namespace waitlab
