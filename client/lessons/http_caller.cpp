#include "client/lessons/http_caller.hpp"

#include "common/net/socket_address.hpp"

#include <fmt/format.h>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <array>
#include <cerrno>
#include <string_view>
#include <system_error>
#include <utility>

namespace waitlab::client {

HttpCaller::HttpCaller(FileDescriptor socket) : socket_(std::move(socket)) {
  parser_.keep_body(true);
}

Result<HttpCaller> HttpCaller::connect(const std::string& address) {
  const auto server = resolve_authority(address);
  if (!server) return server.error();
  const auto failed = [&] { return Failure{fmt::format("{}: {}", address, std::generic_category().message(errno))}; };
  HttpCaller caller(FileDescriptor(::socket(server->family(), SOCK_STREAM | SOCK_CLOEXEC, 0)));
  if (!caller.socket_) return failed();
  constexpr int on = 1;
  constexpr timeval patience{.tv_sec = 20, .tv_usec = 0};
  const int socket = caller.socket_.get();
  if (::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0 ||
      ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) != 0 ||
      ::connect(socket, server->data(), server->length) != 0)
    return failed();
  if (!caller.ask("/plain")) return Failure{fmt::format("{} does not answer", address)};
  return caller;
}

bool HttpCaller::ask(const std::string& target) {
  const std::string request = fmt::format("GET {} HTTP/1.1\r\nHost: server\r\n\r\n", target);
  const auto sent = ::send(socket_.get(), request.data(), request.size(), MSG_NOSIGNAL);
  if (sent != static_cast<ssize_t>(request.size())) return false;  // it is shorter than any send buffer
  parser_.start(false);
  while (!parser_.complete()) {
    std::array<char, 4096> part;
    const auto got = ::recv(socket_.get(), part.data(), part.size(), 0);
    if (got <= 0) return false;
    parser_.put(std::string_view(part.data(), static_cast<std::size_t>(got)));
    if (parser_.failed()) return false;
  }
  return parser_.status() == 200 && parser_.keep_alive();
}

}  // namespace waitlab::client
