#include "backend/listener.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>

#include <chrono>
#include <utility>

namespace waitlab::backend {
namespace {

using boost::asio::ip::tcp;
using boost::system::error_code;

constexpr std::chrono::milliseconds accept_pause{50};

}  // namespace

Listener::Listener(boost::asio::io_context& loop, TimeSource& time, HoldService& holds)
    : time_(time), acceptor_(loop.get_executor()), context_{holds, counts_, [this](Session& session) {
                                                              forget(session);
                                                            }} {}

Result<void> Listener::open(const tcp::endpoint& endpoint) {
  try {
    acceptor_.open(endpoint.protocol());
    acceptor_.set_option(tcp::acceptor::reuse_address(true));
    acceptor_.bind(endpoint);
    acceptor_.listen();
    return {};
  } catch (const boost::system::system_error& error) {
    return Failure{fmt::format("cannot listen on {}: {}; set listen.address and listen.port to a free one",
                               fmt::streamed(endpoint), error.code().message())};
  }
}

tcp::endpoint Listener::endpoint() const {
  return acceptor_.local_endpoint();
}

void Listener::start() {
  accept();
}

void Listener::stop(std::function<void()> stopped) {
  stopped_ = std::move(stopped);
  accept_timer_.reset();
  acceptor_.close();
  if (sessions_.empty()) return stopped_();
  for_each_session([](Session& session) { session.drain(); });
}

void Listener::close_sessions() {
  for_each_session([](Session& session) { session.close(); });
}

void Listener::accept() {
  acceptor_.async_accept([this](const error_code& error, Socket socket) { on_accept(error, std::move(socket)); });
}

void Listener::on_accept(const error_code& error, Socket socket) {
  if (!acceptor_.is_open()) return;
  if (error) return accept_later();
  const auto session = std::make_shared<Session>(std::move(socket), context_);
  sessions_.emplace(session.get(), session);
  counts_.open = sessions_.size();
  session->start();
  accept();
}

void Listener::accept_later() {
  ++counts_.accept_failures;
  accept_timer_ = time_.call_at(time_.now() + accept_pause, [this] { accept(); });
}

void Listener::forget(Session& session) {
  sessions_.erase(&session);
  counts_.open = sessions_.size();
  if (stopped_ && sessions_.empty()) stopped_();
}

/// Goes through a copy, because a session that closes is forgotten.
template <class Act>
void Listener::for_each_session(Act act) {
  const auto sessions = sessions_;
  for (const auto& [session, owner] : sessions)
    act(*session);
}

}  // namespace waitlab::backend
