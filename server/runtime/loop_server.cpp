#include "server/runtime/loop_server.hpp"

#include "server/activity/lane.hpp"
#include "server/connection/serve_request.hpp"

#include <boost/asio/post.hpp>

#include <future>
#include <utility>

namespace waitlab::server {

namespace asio = boost::asio;

LoopServer::LoopServer(Loop& loop, const Service<LoopIo>& service)
    : loop_(loop),
      service_(service),
      accept_again_(loop.context),
      work_(asio::make_work_guard(loop.context)),
      thread_([this] { run(); }) {}

void LoopServer::run() {
  const Lane lane(service_.telemetry.threads);
  loop_.context.run();
}

LoopServer::~LoopServer() {
  loop_.context.stop();
  thread_.join();
  stop_accepting();
}

void LoopServer::accept_from(Listener& listener) {
  asio::post(loop_.context, [this, &listener] {
    listener_ = &listener;
    acceptor_.emplace(loop_.context, listener.descriptor());
    wait_for_connection();
  });
}

void LoopServer::adopt(IdleConnection connection) {
  open_.add();
  auto moved = std::make_shared<IdleConnection>(std::move(connection));
  asio::post(loop_.context, [this, moved] {
    open_.remove();
    begin(std::move(*moved));
  });
}

void LoopServer::retire(Heir heir) {
  std::promise<void> retired;
  asio::post(loop_.context, [this, &heir, &retired] {
    heir_ = std::move(heir);
    retired_ = true;
    stop_accepting();
    for (LoopConnection& connection : connections_) {
      if (!connection.http.parser.started()) connection.socket.interrupt();
    }
    retired.set_value();
  });
  retired.get_future().wait();
}

void LoopServer::stop_accepting() {
  // The listener owns the descriptor: release it, or it would be closed here.
  if (acceptor_) acceptor_->release();
  acceptor_.reset();
}

void LoopServer::wait_for_connection() {
  acceptor_->async_wait(asio::posix::descriptor_base::wait_read, [this](const boost::system::error_code& error) {
    if (error || retired_) return;
    const bool goes_on = listener_->accept_ready(service_.telemetry, service_.identity,
                                                 [this](IdleConnection idle) { begin(std::move(idle)); });
    goes_on ? wait_for_connection() : pause_accepting();
  });
}

void LoopServer::pause_accepting() {
  accept_again_.expires_after(Listener::retry_pause);
  accept_again_.async_wait([this](const boost::system::error_code& error) {
    if (!error && !retired_) wait_for_connection();
  });
}

void LoopServer::begin(IdleConnection idle) {
  if (retired_) {
    if (heir_) heir_(std::move(idle));
    return;
  }
  const Doing accepting(Activity::running);
  open_.add();
  connections_.emplace_front(loop_.io, std::move(idle), service_.telemetry);
  serve(connections_.begin());
}

Detached LoopServer::serve(Connections::iterator connection) {
  After after = After::idle;
  while (after != After::close) {
    if (retired_ && after == After::idle && !serves_once_more(*connection)) break;
    after = co_await serve_request(loop_.io, *connection, service_);
  }
  finish(connection, after == After::idle);
}

/// Without an heir, a request that came just now is served before its connection closes.
bool LoopServer::serves_once_more(LoopConnection& connection) const {
  return connection.http.readable_since || (!heir_ && connection.has_unread_bytes());
}

void LoopServer::finish(Connections::iterator connection, bool between_requests) {
  if (between_requests && heir_) heir_(connection->release());
  connections_.erase(connection);
  open_.remove();
}

}  // namespace waitlab::server
