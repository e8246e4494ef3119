#pragma once

#include "common/net/file_descriptor.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <array>
#include <string>
#include <thread>

namespace waitlab {

/// Listens on a free port, and answers the first connection with the bytes it was given once a request came.
class OneAnswer {
 public:
  explicit OneAnswer(std::string answer) : answer_(std::move(answer)), listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ::bind(listener_.get(), reinterpret_cast<sockaddr*>(&address), size);
    ::listen(listener_.get(), 1);
    ::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&address), &size);
    address_ = "127.0.0.1:" + std::to_string(ntohs(address.sin_port));
    thread_ = std::jthread([this] { serve(); });
  }

  /// Also where nobody came.
  ~OneAnswer() { ::shutdown(listener_.get(), SHUT_RDWR); }

  const std::string& address() const { return address_; }

 private:
  void serve() const {
    const FileDescriptor connection(::accept(listener_.get(), nullptr, nullptr));
    std::array<char, 4096> request;
    if (::recv(connection.get(), request.data(), request.size(), 0) <= 0) return;
    ::send(connection.get(), answer_.data(), answer_.size(), MSG_NOSIGNAL);
  }

  std::string answer_;
  FileDescriptor listener_;
  std::string address_;
  std::jthread thread_;
};

}  // namespace waitlab
