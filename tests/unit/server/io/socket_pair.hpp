#pragma once

#include "common/net/file_descriptor.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <array>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace waitlab::server {

/// Two connected stream sockets: one for the Io under test, and its peer, which a test reads and writes by hand.
struct SocketPair {
  SocketPair() {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) throw std::runtime_error("no sockets");
    tested = FileDescriptor(ends[0]);
    peer = FileDescriptor(ends[1]);
  }

  void peer_sends(std::string_view text) const {
    if (::send(peer.get(), text.data(), text.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(text.size())) {
      throw std::runtime_error("the peer could not send");
    }
  }

  /// What the peer has been sent so far, without waiting for more.
  std::string peer_received() const {
    std::string text;
    std::array<char, 65536> piece;
    for (;;) {
      const ssize_t count = ::recv(peer.get(), piece.data(), piece.size(), MSG_DONTWAIT);
      if (count <= 0) return text;
      text.append(piece.data(), static_cast<std::size_t>(count));
    }
  }

  FileDescriptor tested;
  FileDescriptor peer;
};

/// More than the buffers of a socket pair hold.
inline std::string more_than_fits() {
  std::string text(8 * 1024 * 1024, ' ');
  for (std::size_t index = 0; index < text.size(); ++index)
    text[index] = static_cast<char>('a' + index % 23);
  return text;
}

}  // namespace waitlab::server
