#include "server/runtime/loop_server.hpp"

#include "server/counts/thread_track.hpp"
#include "server/runtime/serve_connection.hpp"

#include <boost/asio/post.hpp>

#include <utility>

namespace waitlab::server {

namespace asio = boost::asio;

LoopServer::LoopServer(asio::io_context& loop, Io& io, const Service& service, Answers answers)
    : loop_(loop),
      io_(io),
      service_(service),
      answers_(answers),
      accept_again_(loop),
      work_(asio::make_work_guard(loop)),
      thread_([this] { run(); }) {}

void LoopServer::run() {
  const ThreadTrack lane(service_.telemetry.threads);
  loop_.run();
}

LoopServer::~LoopServer() {
  loop_.stop();
  thread_.join();
  stop_accepting();
}

void LoopServer::accept_from(Listener& listener, const Listener::Share& share) {
  // Here, where it may throw; the loop's thread uses it from the post on.
  acceptor_.emplace(loop_, listener.descriptor(share));
  asio::post(loop_, [this, &listener, share] {
    listener_ = &listener;
    share_ = share;
    wait_for_connection();
  });
}

void LoopServer::adopt(IdleConnection connection) {
  drain_.enter();
  auto moved = std::make_shared<IdleConnection>(std::move(connection));
  asio::post(loop_, [this, moved] {
    begin(std::move(*moved));
    drain_.leave();
  });
}

void LoopServer::retire(Drain::Successor successor) {
  drain_.enter();
  asio::post(loop_, [this, successor = std::move(successor)]() mutable {
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
    const bool goes_on = listener_->accept_ready(
        service_.telemetry, service_.site, [this](IdleConnection idle) { begin(std::move(idle)); }, share_);
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
  if (drain_.passes_on(idle)) return;
  const ScopedActivity accepting(Activity::running);
  drain_.enter();
  connections_.emplace_front(io_, std::move(idle), service_.telemetry);
  const Connections::iterator connection = connections_.begin();
  if (!io_.spawn([this, connection] { serve(connection); })) refuse(connection);
}

void LoopServer::refuse(Connections::iterator connection) {
  count(service_.telemetry.counts.here().refused[Refusal::fiber_creation]);
  IdleConnection refused = connection->release();
  connections_.erase(connection);
  listener_->farewell().refuse(refused);  // or else it is closed at once
  drain_.leave();
}

Detached LoopServer::serve(Connections::iterator connection) {
  co_await serve_connection(io_, io_, *connection, service_, drain_, answers_);
  connections_.erase(connection);
  drain_.leave();
}

}  // namespace waitlab::server
