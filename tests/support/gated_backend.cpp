#include "tests/support/gated_backend.hpp"

#include "common/http/request_parser.hpp"
#include "common/http/response_writer.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <stdexcept>
#include <utility>

namespace waitlab {

GatedBackend::GatedBackend() : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ::bind(listener_, reinterpret_cast<const sockaddr*>(&address), size);
  ::listen(listener_, 1024);
  ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { accept_all(); });
}

GatedBackend::~GatedBackend() {
  ::shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  {
    const std::scoped_lock lock(mutex_);
    ended_ = true;
    for (const Client& client : clients_)
      ::shutdown(client.socket, SHUT_RDWR);
  }
  changed_.notify_all();
  for (Client& client : clients_) {
    client.thread.join();
    ::close(client.socket);
  }
  ::close(listener_);
}

std::string GatedBackend::address() const {
  return "127.0.0.1:" + std::to_string(port_);
}

void GatedBackend::wait_for_arrivals(std::size_t count) {
  std::unique_lock lock(mutex_);
  const bool arrived = changed_.wait_for(lock, std::chrono::seconds(30), [&] { return arrivals_.size() >= count; });
  if (!arrived) {
    throw std::runtime_error("only " + std::to_string(arrivals_.size()) + " requests arrived at the backend");
  }
}

void GatedBackend::release(std::size_t count) {
  {
    const std::scoped_lock lock(mutex_);
    released_ += count;
  }
  changed_.notify_all();
}

void GatedBackend::open() {
  {
    const std::scoped_lock lock(mutex_);
    open_ = true;
  }
  changed_.notify_all();
}

void GatedBackend::fail(std::size_t place) {
  const std::scoped_lock lock(mutex_);
  failing_.insert(place);
}

void GatedBackend::answer_with(std::string bytes) {
  const std::scoped_lock lock(mutex_);
  answer_ = std::move(bytes);
}

void GatedBackend::close_after_answering() {
  const std::scoped_lock lock(mutex_);
  closes_ = true;
}

void GatedBackend::send_unasked(const std::string& bytes) {
  const std::scoped_lock lock(mutex_);
  for (const Client& client : clients_)
    ::send(client.socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
}

void GatedBackend::stop_sending() {
  const std::scoped_lock lock(mutex_);
  for (const Client& client : clients_)
    ::shutdown(client.socket, SHUT_WR);
}

void GatedBackend::wait_for_closed(std::size_t count) {
  std::unique_lock lock(mutex_);
  if (!changed_.wait_for(lock, std::chrono::seconds(30), [&] { return closed_ >= count; })) {
    throw std::runtime_error("only " + std::to_string(closed_) + " connections were closed");
  }
}

std::size_t GatedBackend::connections() {
  const std::scoped_lock lock(mutex_);
  return clients_.size();
}

std::vector<std::string> GatedBackend::arrivals() {
  const std::scoped_lock lock(mutex_);
  return arrivals_;
}

std::vector<std::string> GatedBackend::targets() {
  const std::scoped_lock lock(mutex_);
  return targets_;
}

void GatedBackend::accept_all() {
  for (;;) {
    const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) return;
    const std::scoped_lock lock(mutex_);
    clients_.push_back({socket, {}});
    clients_.back().thread = std::thread([this, socket] { serve(socket); });
  }
}

void GatedBackend::serve(int socket) {
  RequestParser parser;
  std::string unread;
  std::array<char, 4096> chunk;
  for (;;) {
    unread.erase(0, parser.put(unread));
    if (parser.complete()) {
      if (!hold_and_answer(socket, parser.request())) break;
      parser.start();
      continue;
    }
    const ssize_t got = ::recv(socket, chunk.data(), chunk.size(), 0);
    if (got <= 0) break;
    unread.append(chunk.data(), static_cast<std::size_t>(got));
  }
  ::shutdown(socket, SHUT_RDWR);
  {
    const std::scoped_lock lock(mutex_);
    ++closed_;
  }
  changed_.notify_all();
}

/// Returns whether the connection goes on.
bool GatedBackend::hold_and_answer(int socket, const Request& request) {
  std::unique_lock lock(mutex_);
  arrivals_.emplace_back(request.field("X-Request-Id"));
  targets_.emplace_back(request.target);
  const std::size_t place = arrivals_.size();
  changed_.notify_all();
  changed_.wait(lock, [&] { return open_ || ended_ || released_ >= place; });
  if (ended_) return false;
  const bool goes_on = !closes_;
  const unsigned status = failing_.contains(place) ? 500 : 200;
  std::string answer = answer_;
  lock.unlock();
  if (answer.empty()) ResponseWriter(answer, status).body("held");
  ::send(socket, answer.data(), answer.size(), MSG_NOSIGNAL);
  return goes_on;
}

}  // namespace waitlab
