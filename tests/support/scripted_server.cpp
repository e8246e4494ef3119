#include "tests/support/scripted_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
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

}  // namespace

/// One connection as the server sees it. The socket is only shut down here; its descriptor stays the server's to close,
/// so that its number can't be taken meanwhile.
class ScriptedServer::Stream {
 public:
  Stream(int socket, const std::optional<TlsPeerContext>& tls) : socket_(socket) {
    if (tls) peer_.emplace(*tls);
  }

  /// Waits for bytes and appends their text; false when no more come.
  bool receive(std::string& text) {
    char buffer[4096];
    const ssize_t count = ::recv(socket_, buffer, sizeof buffer, 0);
    if (count <= 0) return false;
    const std::string_view bytes(buffer, static_cast<std::size_t>(count));
    text += peer_ ? peer_->put(bytes) : bytes;
    flush();
    return true;
  }

  void send(std::string_view text) {
    write(text);
    flush();
  }

  /// All in one segment, so that no client sees the answer and not yet the goodbye.
  void send_and_close(std::string_view text) {
    write(text);
    if (peer_) peer_->close();
    flush(MSG_MORE);
    cut();
  }

  void cut() { ::shutdown(socket_, SHUT_RDWR); }

  /// Disconnecting a socket with a zero linger sends a reset without giving its descriptor up.
  void reset() {
    const linger at_once{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    const sockaddr nobody{.sa_family = AF_UNSPEC, .sa_data = {}};
    ::connect(socket_, &nobody, sizeof nobody);
  }

 private:
  void write(std::string_view text) {
    if (peer_) {
      peer_->write(text);
    } else {
      outgoing_ += text;
    }
  }

  void flush(int flags = 0) {
    if (peer_) outgoing_ += peer_->take_outgoing();
    ::send(socket_, outgoing_.data(), outgoing_.size(), MSG_NOSIGNAL | flags);
    outgoing_.clear();
  }

  int socket_;
  std::optional<TlsPeer> peer_;
  std::string outgoing_;
};

ScriptedServer::ScriptedServer(Script script, const char* address)
    : ScriptedServer(std::move(script), address, std::nullopt) {}

ScriptedServer::ScriptedServer(Script script, const TlsPeerContext& tls)
    : ScriptedServer(std::move(script), "127.0.0.1", tls) {}

ScriptedServer::ScriptedServer(Script script, const char* address, std::optional<TlsPeerContext> tls)
    : script_(std::move(script)), tls_(std::move(tls)), address_(address) {
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
  return (tls_ ? "https://" : "http://") + (v6 ? "[" + address_ + "]" : address_) + ":" + std::to_string(port_) + path;
}

std::vector<SeenRequest> ScriptedServer::requests() const {
  const std::scoped_lock lock(mutex_);
  return requests_;
}

void ScriptedServer::accept_all() {
  for (;;) {
    const int socket = ::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) return;
    ++accepted_;
    const int at_once = 1;  // TLS writes its tickets and the answer one after the other
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
    sockets_.emplace_back(socket);
    workers_.emplace_back([this, socket] { serve(socket); });
  }
}

void ScriptedServer::serve(int socket) {
  constexpr std::string_view head_end = "\r\n\r\n";
  Stream stream(socket, tls_);
  std::string unread;
  for (unsigned on_connection = 0;; ++on_connection) {
    std::size_t end = 0;
    while ((end = unread.find(head_end)) == std::string::npos) {
      if (!stream.receive(unread)) return;
    }
    if (!answer(stream, unread.substr(0, end), on_connection)) return;
    unread.erase(0, end + head_end.size());
  }
}

bool ScriptedServer::answer(Stream& stream, std::string head, unsigned on_connection) {
  ScriptedAnswer answer;
  {
    const std::scoped_lock lock(mutex_);
    requests_.push_back({std::move(head), static_cast<unsigned>(requests_.size()), on_connection});
    answer = script_(requests_.back());
  }
  if (answer.then == ScriptedAnswer::Then::close) {
    stream.send_and_close(answer.bytes);
    return false;
  }
  stream.send(answer.bytes);
  if (answer.then == ScriptedAnswer::Then::cut) stream.cut();
  if (answer.then == ScriptedAnswer::Then::reset) stream.reset();
  return answer.then == ScriptedAnswer::Then::keep;
}

ScriptedAnswer ok_answer() {
  return {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", ScriptedAnswer::Then::keep};
}

ScriptedAnswer always_ok(const SeenRequest&) {
  return ok_answer();
}

}  // namespace waitlab
