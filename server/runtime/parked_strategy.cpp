#include "server/runtime/parked_strategy.hpp"

#include "server/counts/thread_track.hpp"

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
      poller_(parts.timeouts.keep_alive, parts.telemetry, parts.site,
              {[this](std::unique_ptr<Connection> connection) { dispatch(std::move(connection)); },
               [this](IdleConnection connection) { adopt(std::move(connection)); },
               [this](std::unique_ptr<Connection> connection) { close(std::move(connection)); },
               [this] {
                 application_.housekeep();
                 housekeeping();
               }}) {}

void ParkedStrategy::accept_from(Listener& listener) {
  poller_.accept_from(listener);
}

void ParkedStrategy::adopt(IdleConnection idle) {
  drain_.enter();
  park(std::make_unique<Connection>(io_, std::move(idle), telemetry()));
}

void ParkedStrategy::retire(Strategy* successor) {
  drain_.begin(adopted_by(successor));
  for (auto& connection : poller_.stop())
    leave(std::move(connection));
  // Nobody else will take what the kernel has accepted.
  if (successor == nullptr) poller_.accept_rest();
}

bool ParkedStrategy::wait_drained(std::chrono::steady_clock::time_point deadline) {
  return drain_.wait_until_none(deadline);
}

std::unique_ptr<Connection> ParkedStrategy::serve(std::unique_ptr<Connection> connection) {
  After after = After::close;
  {
    const ScopedActivity serving(Activity::running);
    connection->request.run();
    after = serve_request(io_, *connection, application_.service(), Answers::sent).get();
  }
  if (after == After::again) {
    connection->request.run();
    return connection;
  }
  go_on(std::move(connection), after);
  return nullptr;
}

void ParkedStrategy::reject(std::unique_ptr<Connection> connection, Rejection why) {
  After after = After::again;
  while (after == After::again)
    after = answer_now(*connection, application_.service(), why, rejection_details[static_cast<std::size_t>(why)]);
  go_on(std::move(connection), after);
}

void ParkedStrategy::go_on(std::unique_ptr<Connection> connection, After after) {
  after == After::idle ? park(std::move(connection)) : close(std::move(connection));
}

/// Once the poller has stopped, the connection leaves.
void ParkedStrategy::park(std::unique_ptr<Connection> connection) {
  connection->request.end();
  connection = poller_.park(std::move(connection));
  if (connection) leave(std::move(connection));
}

/// A request that has come meanwhile is served first.
void ParkedStrategy::leave(std::unique_ptr<Connection> connection) {
  if (drain_.keeps(*connection)) {
    connection->http.readable_since = std::chrono::steady_clock::now();
    connection->request.run();
    dispatch(std::move(connection));
  } else {
    drain_.hand_over(*connection);
    close(std::move(connection));
  }
}

void ParkedStrategy::close(std::unique_ptr<Connection> connection) {
  connection.reset();
  drain_.leave();
}

}  // namespace waitlab::server
