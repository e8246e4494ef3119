#include "server/runtime/loop_server.hpp"

#include "server/connection/read_request.hpp"
#include "server/counts/thread_track.hpp"

#include <boost/asio/post.hpp>

#include <utility>

namespace waitlab::server {

namespace asio = boost::asio;

LoopServer::LoopServer(Loop& loop, const Service& service, Answers answers)
    : loop_(loop),
      service_(service),
      answers_(answers),
      accept_again_(loop.context),
      work_(asio::make_work_guard(loop.context)),
      thread_([this] { run(); }) {}

void LoopServer::run() {
  const ThreadTrack lane(service_.telemetry.threads);
  loop_.context.run();
}

LoopServer::~LoopServer() {
  loop_.context.stop();
  thread_.join();
  stop_accepting();
}

void LoopServer::accept_from(Listener& listener) {
  // Here, where it may throw; the loop's thread uses it from the post on.
  acceptor_.emplace(loop_.context, listener.descriptor());
  asio::post(loop_.context, [this, &listener] {
    listener_ = &listener;
    wait_for_connection();
  });
}

void LoopServer::adopt(IdleConnection connection) {
  drain_.enter();
  auto moved = std::make_shared<IdleConnection>(std::move(connection));
  asio::post(loop_.context, [this, moved] {
    begin(std::move(*moved));
    drain_.leave();
  });
}

void LoopServer::retire(Drain::Successor successor) {
  drain_.enter();
  asio::post(loop_.context, [this, successor = std::move(successor)]() mutable {
    stop_accepting();
    // Nobody else will take what the kernel has accepted.
    if (!successor && listener_ != nullptr) {
      listener_->accept_last(service_.telemetry, service_.site,
                             [this](IdleConnection idle) { begin(std::move(idle)); });
    }
    drain_.begin(std::move(successor));
    for (const Connection& connection : connections_) {
      if (!connection.request.in_flight()) connection.socket->interrupt();
    }
    drain_.leave();
  });
}

void LoopServer::stop_accepting() {
  // The listener owns the descriptor: release it, or it would be closed here.
  if (acceptor_) acceptor_->release();
  acceptor_.reset();
}

void LoopServer::wait_for_connection() {
  acceptor_->async_wait(asio::posix::descriptor_base::wait_read, [this](const boost::system::error_code& error) {
    if (error || drain_.begun()) return;
    const bool goes_on = listener_->accept_ready(service_.telemetry, service_.site,
                                                 [this](IdleConnection idle) { begin(std::move(idle)); });
    goes_on ? wait_for_connection() : pause_accepting();
  });
}

void LoopServer::pause_accepting() {
  accept_again_.expires_after(Listener::retry_pause);
  accept_again_.async_wait([this](const boost::system::error_code& error) {
    if (!error && !drain_.begun()) wait_for_connection();
  });
}

void LoopServer::begin(IdleConnection idle) {
  if (drain_.begun() && drain_.has_successor()) {
    drain_.hand_over(std::move(idle));
    return;
  }
  const ScopedActivity accepting(Activity::running);
  drain_.enter();
  connections_.emplace_front(loop_.io, std::move(idle), service_.telemetry);
  serve(connections_.begin());
}

/// Sends what has been gathered and waits for the next request. `idle` if it was interrupted, or is not to wait.
Task<After> LoopServer::await_next(Connection& connection) {
  const bool sent = co_await flush(loop_.io, connection, service_);
  if (!sent) co_return After::close;
  if (!drain_.keeps(connection)) co_return After::idle;
  const Arrival arrival = co_await await_request(loop_.io, connection, service_);
  if (arrival == Arrival::interrupted) co_return After::idle;
  co_return arrival == Arrival::begun ? After::again : After::close;
}

Detached LoopServer::serve(Connections::iterator connection) {
  After after = connection->http.begun() ? After::again : After::idle;
  while ((after == After::again || after == After::idle) && drain_.keeps(*connection)) {
    if (after == After::idle) {
      after = co_await await_next(*connection);
      if (after != After::again) continue;
    }
    after = co_await serve_request(loop_.io, *connection, service_, answers_);
  }
  if (after == After::leave) co_await linger(loop_.io, *connection, service_);
  if (after == After::again) {
    const bool sent = co_await flush(loop_.io, *connection, service_);
    after = sent ? After::idle : After::close;
  }
  if (after == After::idle) drain_.hand_over(*connection);
  connections_.erase(connection);
  drain_.leave();
}

}  // namespace waitlab::server
