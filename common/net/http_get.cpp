#include "common/net/http_get.hpp"

#include "common/http/response_parser.hpp"
#include "common/net/file_descriptor.hpp"
#include "common/net/wait_ready.hpp"

#include <fmt/format.h>

#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

namespace waitlab {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

/// One exchange over a non-blocking socket, every wait of which ends at the deadline.
class Exchange {
 public:
  Exchange(const std::string& address, const std::string& path) : address_(address), path_(path) {}

  Result<HttpAnswer> run(milliseconds patience) {
    const auto found = look_up();
    if (!found) return found.error();
    deadline_ = Clock::now() + patience;
    if (auto connected = connect(found->get()); !connected) return connected.error();
    if (auto sent = send(); !sent) return sent.error();
    return receive();
  }

 private:
  struct FreeAddresses {
    void operator()(addrinfo* list) const { ::freeaddrinfo(list); }
  };

  using Addresses = std::unique_ptr<addrinfo, FreeAddresses>;

  Result<Addresses> look_up() const {
    const auto colon = address_.rfind(':');
    const std::string port = colon == std::string::npos ? "" : address_.substr(colon + 1);
    if (port.empty() || port.find_first_not_of("0123456789") != std::string::npos) {
      return failure("not an ADDRESS:PORT");
    }
    std::string host = address_.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    addrinfo hints{};
    hints.ai_flags = AI_NUMERICSERV;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    const int error = ::getaddrinfo(host.c_str(), port.c_str(), &hints, &found);
    if (error != 0) return failure(fmt::format("the address can't be looked up: {}", ::gai_strerror(error)));
    return Addresses(found);
  }

  /// To the first address that takes it: localhost may be ::1 as well as 127.0.0.1.
  Result<void> connect(const addrinfo* address) {
    Result<void> connected = connect_to(*address);
    while (!connected && (address = address->ai_next) != nullptr)
      connected = connect_to(*address);
    return connected;
  }

  Result<void> connect_to(const addrinfo& address) {
    socket_ = FileDescriptor(::socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!socket_) return failure(std::strerror(errno));
    if (::connect(socket_.get(), address.ai_addr, address.ai_addrlen) == 0) return {};
    if (errno != EINPROGRESS) return failure(std::strerror(errno));
    if (wait_ready(socket_.get(), POLLOUT, deadline_)) return failure("no connection in time");
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(socket_.get(), SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0) return failure(std::strerror(error));
    return {};
  }

  /// The request is smaller than any socket's send buffer: it goes out at once or not at all.
  Result<void> send() {
    const std::string request =
        fmt::format("GET {} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", path_, address_);
    const ssize_t sent = ::send(socket_.get(), request.data(), request.size(), MSG_NOSIGNAL);
    if (sent != static_cast<ssize_t>(request.size())) return failure("the request could not be sent");
    return {};
  }

  Result<HttpAnswer> receive() {
    ResponseParser parser;
    parser.keep_body(true);
    parser.start(false);
    std::string unused;
    while (!parser.complete() && !parser.failed()) {
      if (wait_ready(socket_.get(), POLLIN, deadline_)) return failure("no answer in time");
      std::array<char, 16 * 1024> buffer;
      const ssize_t got = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
      if (got < 0) return failure(std::strerror(errno));
      if (got == 0) {
        parser.put_eof();
      } else {
        unused.append(buffer.data(), static_cast<std::size_t>(got));
        unused.erase(0, parser.put(unused));
      }
    }
    if (parser.failed()) return failure(parser.error());
    return HttpAnswer{.status = parser.status(), .body = std::string(parser.body())};
  }

  Failure failure(std::string_view what) const { return Failure{fmt::format("GET {}{}: {}", address_, path_, what)}; }

  const std::string& address_;
  const std::string& path_;
  Clock::time_point deadline_;
  FileDescriptor socket_;
};

}  // namespace

Result<HttpAnswer> http_get(const std::string& address, const std::string& path, milliseconds patience) {
  return Exchange(address, path).run(patience);
}

}  // namespace waitlab
