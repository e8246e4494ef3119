#pragma once

#include "common/net/file_descriptor.hpp"
#include "common/net/socket_address.hpp"

#include <sys/socket.h>
#include <cstddef>
#include <stdexcept>
#include <string>

namespace waitlab::server {

/// A socket on a free port of 127.0.0.1. Until it is told to listen, it refuses whoever connects, and keeps the port.
class LoopbackListener {
 public:
  LoopbackListener() : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const SocketAddress any = resolve_address("127.0.0.1", 0).value();
    if (::bind(descriptor_.get(), any.data(), any.length) != 0) throw std::runtime_error("cannot bind");
  }

  void listen() const {
    if (::listen(descriptor_.get(), 8) != 0) throw std::runtime_error("cannot listen");
  }

  SocketAddress address() const {
    SocketAddress address;
    address.length = sizeof address.storage;
    ::getsockname(descriptor_.get(), reinterpret_cast<sockaddr*>(&address.storage), &address.length);
    return address;
  }

  /// The first bytes that the next connection sends.
  std::string accept_and_receive(std::size_t bytes) const {
    const FileDescriptor accepted(::accept(descriptor_.get(), nullptr, nullptr));
    std::string text(bytes, '\0');
    const ssize_t count = ::recv(accepted.get(), text.data(), text.size(), MSG_WAITALL);
    text.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
    return text;
  }

 private:
  FileDescriptor descriptor_;
};

}  // namespace waitlab::server
