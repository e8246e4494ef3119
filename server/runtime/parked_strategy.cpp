#include "server/runtime/parked_strategy.hpp"

#include "server/activity/lane.hpp"
#include "server/connection/serve_request.hpp"
#include "server/handlers/overloaded.hpp"

#include <array>
#include <string_view>
#include <utility>

namespace waitlab::server {

namespace {

constexpr std::array<std::string_view, rejection_names.size()> rejection_details = {
    "the queue for a thread is full", "as many threads as allowed are running", "no thread could be created"};

}  // namespace

ParkedStrategy::ParkedStrategy(const ApplicationParts& parts)
    : application_(parts),
      poller_(parts.timeouts.keep_alive, parts.telemetry, parts.identity,
              {[this](std::unique_ptr<BlockingConnection> connection) { dispatch(std::move(connection)); },
               [this](IdleConnection connection) { adopt(std::move(connection)); },
               [this](std::unique_ptr<BlockingConnection> connection) { give_up(std::move(connection), false); },
               [this] { housekeeping(); }}) {}

void ParkedStrategy::accept_from(Listener& listener) {
  poller_.accept_from(listener);
}

void ParkedStrategy::adopt(IdleConnection idle) {
  open_.add();
  settle(std::make_unique<BlockingConnection>(io_, std::move(idle), telemetry()), true);
}

void ParkedStrategy::retire(Strategy* heir) {
  {
    const std::scoped_lock lock(mutex_);
    retired_ = true;
    heir_ = heir;
  }
  for (auto& connection : poller_.stop()) {
    // A request that came just now is served before its connection closes.
    if (heir == nullptr && connection->has_unread_bytes()) {
      connection->http.readable_since = std::chrono::steady_clock::now();
      dispatch(std::move(connection));
    } else {
      give_up(std::move(connection), true);
    }
  }
}

bool ParkedStrategy::wait_drained(std::chrono::steady_clock::time_point deadline) {
  return open_.wait_until_none(deadline);
}

std::unique_ptr<BlockingConnection> ParkedStrategy::serve(std::unique_ptr<BlockingConnection> connection) {
  After after = After::close;
  {
    const Doing serving(Activity::running);
    connection->request.run();
    after = serve_request(io_, *connection, application_.service()).get();
  }
  if (after == After::again) {
    connection->request.run();
    return connection;
  }
  settle(std::move(connection), after == After::idle);
  return nullptr;
}

void ParkedStrategy::reject(std::unique_ptr<BlockingConnection> connection, Rejection why) {
  const Service<BlockingIo>& service = application_.service();
  Overloaded<BlockingIo> overloaded(rejection_details[static_cast<std::size_t>(why)], telemetry().rejected[why]);
  Service<BlockingIo> impatient{overloaded, service.telemetry, service.identity, Timeouts::none()};
  impatient.waits = false;
  impatient.late = {503, rejection_details[static_cast<std::size_t>(why)], &telemetry().rejected[why]};
  impatient.draining = service.draining;
  impatient.request_log = service.request_log;
  After after = After::again;
  while (after == After::again)
    after = serve_request(io_, *connection, impatient).get();
  settle(std::move(connection), after == After::idle);
}

void ParkedStrategy::settle(std::unique_ptr<BlockingConnection> connection, bool between_requests) {
  {
    const std::scoped_lock lock(mutex_);
    if (between_requests && !retired_) {
      connection->request.end();
      poller_.park(std::move(connection));
      return;
    }
  }
  give_up(std::move(connection), between_requests);
}

void ParkedStrategy::give_up(std::unique_ptr<BlockingConnection> connection, bool between_requests) {
  if (between_requests && heir_ != nullptr) heir_->adopt(connection->release());
  connection.reset();
  open_.remove();
}

}  // namespace waitlab::server
