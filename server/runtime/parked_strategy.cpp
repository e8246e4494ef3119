#include "server/runtime/parked_strategy.hpp"

#include "server/connection/read_request.hpp"
#include "server/counts/thread_track.hpp"

#include <array>
#include <string_view>
#include <utility>

namespace waitlab::server {

namespace {

using Clock = std::chrono::steady_clock;

constexpr int most_rejected_in_turn = 16;

constexpr std::array<std::string_view, rejection_names.size()> rejection_details = {
    "the queue for a thread is full",           "no thread was free within timeouts.request",
    "as many threads as allowed are running",   "no thread could be created",
    "as many processes as allowed are running", "no process could be created"};

/// The request is there, and waits for a thread from now on.
void begin_turn(Connection& connection) {
  connection.request.run();
  connection.http.queued_since = Clock::now();
}

}  // namespace

ParkedStrategy::ParkedStrategy(const ApplicationParts& parts)
    : application_(parts),
      poller_(parts.timeouts.keep_alive, parts.telemetry, parts.site,
              {.on_accepted = [this](IdleConnection connection) { adopt(std::move(connection)); },
               .on_readable = [this](std::unique_ptr<Connection> connection) { gather(std::move(connection)); },
               .on_idle =
                   [this](std::unique_ptr<Connection> connection) {
                     count(telemetry().counts.here().endings[Ending::idle_timeout]);
                     close(std::move(connection));
                   },
               .on_late =
                   [this](std::unique_ptr<Connection> connection) {
                     const After after = answer_late(*connection, service());
                     go_on(std::move(connection), after);
                   },
               .on_tick =
                   [this](TimePoint now) {
                     if (now >= next_sweep_) {
                       application_.housekeep();
                       next_sweep_ = now + std::chrono::seconds(1);
                     }
                     return housekeeping(now);
                   }}) {}

void ParkedStrategy::accept_from(Listener& listener) {
  listener_ = &listener;
  poller_.accept_from(listener);
}

void ParkedStrategy::adopt(IdleConnection idle) {
  drain_.enter();
  auto connection = std::make_unique<Connection>(io_, std::move(idle), telemetry());
  // If a whole request is there already, nothing more may come that the poller would notice.
  connection->http.begun() ? gather(std::move(connection)) : park(std::move(connection));
}

void ParkedStrategy::retire(Strategy* successor) {
  drain_.begin(adopted_by(successor));
  for (auto& connection : poller_.stop())
    leave(std::move(connection));
  // Nobody else will take what the kernel has accepted.
  if (successor == nullptr) poller_.accept_last();
}

bool ParkedStrategy::wait_drained(std::chrono::steady_clock::time_point deadline) {
  housekeeping(Clock::now());  // the poller, which saw to it, has stopped
  return drain_.wait_until_none(deadline);
}

std::unique_ptr<Connection> ParkedStrategy::serve(std::unique_ptr<Connection> connection) {
  connection->http.in_queue = Clock::now() - connection->http.queued_since;
  After after = After::again;
  {
    const ScopedActivity serving(Activity::running);
    connection->request.run();
    after = invite(*connection);
    if (after == After::again) after = serve_request(io_, *connection, service(), Answers::sent).get();
  }
  return settle(std::move(connection), after);
}

/// The rest of a body that the client waited to be asked for comes without a worker, like any other.
After ParkedStrategy::invite(Connection& connection) const {
  return wants_continue(connection.http) ? server::gather(connection, service(), Invite::yes) : After::again;
}

std::unique_ptr<Connection> ParkedStrategy::settle(std::unique_ptr<Connection> connection, After after) {
  if (after == After::again) after = server::gather(*connection, service(), Invite::no);
  if (after != After::again) {
    go_on(std::move(connection), after);
    return nullptr;
  }
  if (!drain_.keeps(*connection)) {
    leave(std::move(connection));
    return nullptr;
  }
  begin_turn(*connection);
  return connection;
}

void ParkedStrategy::reject(std::unique_ptr<Connection> connection, Rejection why) {
  After after = After::again;
  for (int answered = 0; after == After::again; ++answered) {
    // A client that keeps its pipeline full must not keep the thread from others.
    if (answered == most_rejected_in_turn) return see_off(std::move(connection));
    after = answer_now(*connection, service(), why, rejection_details[static_cast<std::size_t>(why)]);
    if (after == After::again) after = server::gather(*connection, service(), Invite::no);
  }
  go_on(std::move(connection), after);
}

void ParkedStrategy::gather(std::unique_ptr<Connection> connection) {
  const After after = server::gather(*connection, service(), Invite::no);
  go_on(std::move(connection), after);
}

void ParkedStrategy::go_on(std::unique_ptr<Connection> connection, After after) {
  switch (after) {
    case After::idle:
      connection->request.end();
      return park(std::move(connection));
    case After::part:
      return park(std::move(connection));
    case After::again:
      return queue_up(std::move(connection));
    case After::leave:
      return see_off(std::move(connection));
    case After::close:
      return close(std::move(connection));
  }
}

void ParkedStrategy::queue_up(std::unique_ptr<Connection> connection) {
  begin_turn(*connection);
  dispatch(std::move(connection));
}

void ParkedStrategy::park(std::unique_ptr<Connection> connection) {
  switch (poller_.park(connection)) {
    case ConnectionPoller::Parking::parked:
      return;
    case ConnectionPoller::Parking::stopped:
      return leave(std::move(connection));
    case ConnectionPoller::Parking::unwatched:
      count(telemetry().counts.here().endings[Ending::unwatched]);
      return close(std::move(connection));
  }
}

/// A request that has come, or begun, meanwhile is served first: nobody gathers it any more, so its thread does.
void ParkedStrategy::leave(std::unique_ptr<Connection> connection) {
  if (drain_.keeps(*connection)) {
    queue_up(std::move(connection));
  } else {
    drain_.hand_over(*connection);
    close(std::move(connection));
  }
}

void ParkedStrategy::see_off(std::unique_ptr<Connection> connection) {
  IdleConnection leaving = connection->release();
  // What can't be seen off is closed at once.
  listener_->farewell().linger(leaving);
  close(std::move(connection));
}

void ParkedStrategy::close(std::unique_ptr<Connection> connection) {
  connection.reset();
  drain_.leave();
}

}  // namespace waitlab::server
