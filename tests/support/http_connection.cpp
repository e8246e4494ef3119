#include "tests/support/http_connection.hpp"

#include "common/http/response_parser.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>
#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <utility>

namespace waitlab {
namespace {

void require(bool done, const char* deed) {
  if (!done) throw std::system_error(errno, std::generic_category(), deed);
}

}  // namespace

std::string get_request(const std::string& target, const std::string& lines) {
  return "GET " + target + " HTTP/1.1\r\nHost: test\r\n" + lines + "\r\n";
}

HttpConnection::HttpConnection(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  require(socket_ >= 0, "socket");
  const timeval longest{.tv_sec = 30, .tv_usec = 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &longest, sizeof longest);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  require(::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0, "connect");
}

HttpConnection::HttpConnection(HttpConnection&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)), unread_(std::move(other.unread_)) {}

HttpConnection::~HttpConnection() {
  if (socket_ >= 0) ::close(socket_);
}

void HttpConnection::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    require(sent > 0, "send");
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

void HttpConnection::stop_sending() {
  ::shutdown(socket_, SHUT_WR);
}

void HttpConnection::reset() {
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  ::close(std::exchange(socket_, -1));
}

HttpAnswer HttpConnection::receive(bool to_head) {
  ResponseParser parser;
  parser.keep_body(true);
  parser.start(to_head);
  HttpAnswer answer;
  while (!parser.complete()) {
    const std::size_t used = parser.put(unread_);
    answer.text.append(unread_, 0, used);
    unread_.erase(0, used);
    if (parser.failed()) throw std::runtime_error(parser.error() + " in: " + answer.text);
    if (!parser.complete() && !fill()) parser.put_eof();
  }
  answer.status = parser.status();
  answer.body = parser.body();
  return answer;
}

HttpAnswer HttpConnection::get(const std::string& target, const std::string& lines) {
  send(get_request(target, lines));
  return receive();
}

void HttpConnection::wait_for(std::string_view bytes) {
  while (unread_.size() < bytes.size() && fill()) {
  }
  if (!unread_.starts_with(bytes)) throw std::runtime_error("instead of the bytes awaited came: " + unread_);
  unread_.erase(0, bytes.size());
}

std::string HttpConnection::read_until(std::string_view text) {
  std::size_t found = unread_.find(text);
  while (found == std::string::npos) {
    if (!fill()) throw std::runtime_error("the server closed before that came: " + std::string(text));
    found = unread_.find(text);
  }
  std::string read = unread_.substr(0, found + text.size());
  unread_.erase(0, read.size());
  return read;
}

std::string HttpConnection::read_to_reset() {
  errno = 0;
  while (fill()) {
  }
  if (errno != ECONNRESET) throw std::runtime_error("ended without a reset, after: " + unread_);
  return std::exchange(unread_, {});
}

bool HttpConnection::closed_by_server() {
  return unread_.empty() && !fill();
}

bool HttpConnection::ends_without_reset() {
  char byte = 0;
  if (!unread_.empty() || ::recv(socket_, &byte, 1, 0) != 0) return false;
  stop_sending();
  tcp_info info{};
  for (socklen_t size = sizeof info; info.tcpi_state != TCP_CLOSE; std::this_thread::yield())
    require(::getsockopt(socket_, IPPROTO_TCP, TCP_INFO, &info, &size) == 0, "getsockopt");
  int error = 0;
  socklen_t size = sizeof error;
  require(::getsockopt(socket_, SOL_SOCKET, SO_ERROR, &error, &size) == 0, "getsockopt");
  return error == 0;
}

/// Returns whether bytes came; a reset counts as an end.
bool HttpConnection::fill() {
  std::array<char, 4096> chunk;
  const ssize_t got = ::recv(socket_, chunk.data(), chunk.size(), 0);
  require(got >= 0 || errno == ECONNRESET, "recv");
  if (got > 0) unread_.append(chunk.data(), static_cast<std::size_t>(got));
  return got > 0;
}

}  // namespace waitlab
