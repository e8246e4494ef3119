#include "common/net/http_get.hpp"

#include "common/http/response_parser.hpp"
#include "common/net/file_descriptor.hpp"
#include "common/net/share_of_time.hpp"
#include "common/net/wait_ready.hpp"

#include <fmt/format.h>

#include <poll.h>
#include <sys/socket.h>
#include <array>
#include <cerrno>
#include <cstring>

namespace waitlab {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

/// One exchange over a non-blocking socket, every wait of which ends at the deadline.
class Exchange {
 public:
  using Addresses = std::vector<SocketAddress>;

  Exchange(const std::string& address, const std::string& path) : address_(address), path_(path) {}

  Result<HttpAnswer> run(milliseconds patience) {
    const auto addresses = resolve_all(address_);
    if (!addresses) return failure(addresses.error().message);
    return run(*addresses, patience);
  }

  Result<HttpAnswer> run(const Addresses& addresses, milliseconds patience) {
    deadline_ = Clock::now() + patience;
    if (auto connected = connect(addresses); !connected) return connected.error();
    if (auto sent = send(); !sent) return sent.error();
    return receive();
  }

 private:
  /// To the first address that takes it: localhost may be ::1 as well as 127.0.0.1.
  Result<void> connect(const Addresses& addresses) {
    Result<void> connected = connect_to(addresses.front(), addresses.size());
    for (std::size_t next = 1; !connected && next < addresses.size(); ++next)
      connected = connect_to(addresses[next], addresses.size() - next);
    return connected;
  }

  /// With `left` addresses left to try, this one included.
  Result<void> connect_to(const SocketAddress& address, std::size_t left) {
    socket_ = FileDescriptor(::socket(address.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!socket_) return failure(std::strerror(errno));
    if (::connect(socket_.get(), address.data(), address.length) == 0) return {};
    if (errno != EINPROGRESS) return failure(std::strerror(errno));
    if (wait_ready(socket_.get(), POLLOUT, share_of_time(Clock::now(), deadline_, left)))
      return failure("no connection in time");
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(socket_.get(), SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0) return failure(std::strerror(error));
    return {};
  }

  /// The request is smaller than any socket's send buffer: it goes out at once or not at all.
  Result<void> send() {
    const std::string request =
        fmt::format("GET {} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", path_, without_zone(address_));
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

Result<HttpAnswer> http_get(const std::vector<SocketAddress>& known, const std::string& address,
                            const std::string& path, milliseconds patience) {
  return Exchange(address, path).run(known, patience);
}

}  // namespace waitlab
