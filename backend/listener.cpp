#include "backend/listener.hpp"

#include "common/net/stop_handshakes.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>

#include <boost/asio/error.hpp>

#include <chrono>
#include <utility>

namespace waitlab::backend {
namespace {

using boost::asio::ip::tcp;
using boost::system::error_code;

constexpr std::chrono::milliseconds accept_pause{50};
constexpr std::size_t most_accepts_in_turn = 64;

}  // namespace

Listener::Listener(boost::asio::io_context& loop, TimeSource& time, Profiles& profiles)
    : time_(time), acceptor_(loop.get_executor()), context_{time, profiles, counts_, [this](Session& session) {
                                                              forget(session);
                                                            }} {}

Result<void> Listener::open(const tcp::endpoint& endpoint) {
  try {
    acceptor_.open(endpoint.protocol());
    acceptor_.set_option(tcp::acceptor::reuse_address(true));
    acceptor_.set_option(tcp::acceptor::enable_connection_aborted(true));
    acceptor_.bind(endpoint);
    acceptor_.listen();
    acceptor_.non_blocking(true);
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
  await_connection();
}

void Listener::stop(std::function<void()> stopped) {
  accept_timer_.reset();
  stop_handshakes(acceptor_.native_handle());
  accept(Acceptor::max_listen_connections + 1);  // the kernel holds one more than it was asked to
  acceptor_.close();
  stopped_ = std::move(stopped);
  if (sessions_.empty()) return stopped_();
  for_each_session([](Session& session) { session.drain(); });
}

void Listener::close_sessions() {
  for_each_session([](Session& session) { session.close(); });
}

/// Waits without accepting, so that a stop finds all that has not been accepted in one place.
void Listener::await_connection() {
  acceptor_.async_wait(Acceptor::wait_read, [this](const error_code& error) {
    if (error || !acceptor_.is_open()) return;
    accept(most_accepts_in_turn) ? accept_later() : await_connection();
  });
}

/// Accepts what is waiting, at most so many connections. Returns what keeps it from accepting more, if it is an error.
error_code Listener::accept(std::size_t most) {
  for (std::size_t tried = 0; tried < most; ++tried) {
    error_code error;
    Socket socket = acceptor_.accept(error);
    if (error == boost::asio::error::would_block) break;
    if (error == boost::asio::error::connection_aborted) continue;
    if (error) return error;
    begin(std::move(socket));
  }
  return {};
}

void Listener::begin(Socket socket) {
  const auto session = std::make_shared<Session>(std::move(socket), context_);
  sessions_.emplace(session.get(), session);
  counts_.open = sessions_.size();
  session->start();
}

void Listener::accept_later() {
  ++counts_.accept_failures;
  accept_timer_ = time_.call_at(time_.now() + accept_pause, [this] { await_connection(); });
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
