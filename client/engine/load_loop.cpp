#include "client/engine/load_loop.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <utility>

namespace waitlab::client {

namespace asio = boost::asio;
namespace {

using namespace std::chrono_literals;

/// How long to leave a server alone that refused this many connects in a row.
std::chrono::nanoseconds rest_after(unsigned failed_connects) {
  constexpr std::chrono::nanoseconds first = 10ms;
  constexpr std::chrono::nanoseconds longest = 1s;
  constexpr unsigned last_doubling = 7;  // 10 ms doubled so often is above 1 s
  return std::min(longest, first * (1 << std::min(failed_connects - 1, last_doubling)));
}

}  // namespace

LoadLoop::LoadLoop(LoopPlan plan, std::unique_ptr<Feed> feed) : plan_(std::move(plan)), feed_(std::move(feed)) {}

void LoadLoop::run(std::stop_token stop) {
  const std::stop_callback cut_when_stopped(std::move(stop), [this] { asio::post(io_, [this] { cut(); }); });
  dispatch(Clock::now());
  io_.run();
  for (const auto& connection : connections_) {
    const Traffic& traffic = connection->traffic();
    record_.connections += traffic.opened;
    record_.retried += traffic.retried;
    record_.bytes_in += traffic.bytes_in;
    record_.bytes_out += traffic.bytes_out;
  }
  record_.reconnects = record_.connections - connections_.size();
}

/// Starts every request that was due on waking and has a connection to go on, then waits for what comes next. What
/// becomes due meanwhile has its turn after the responses that came meanwhile.
void LoadLoop::dispatch(Clock::time_point woken) {
  auto now = woken;
  while (const auto ticket = feed_->due(woken)) {
    if (ticket->intended + plan_.timeout <= now) {
      expire_unsent(feed_->take(now), now);
      continue;
    }
    Connection* connection = free_connection();
    if (!connection) {
      cap_reached_ = true;
      return;
    }
    begin(*connection, feed_->take(now), now);
    now = Clock::now();
  }
  cap_reached_ = false;
  wake_for_next_due(woken);
}

Connection* LoadLoop::free_connection() {
  for (auto* free : {&idle_, &closed_}) {
    if (free->empty()) continue;
    Connection* connection = free->back();
    free->pop_back();
    return connection;
  }
  if (connections_.size() == plan_.connections) return nullptr;
  ConnectionEvents& events = *this;
  connections_.push_back(
      std::make_unique<Connection>(io_, plan_.server, plan_.text, plan_.to_head, plan_.idempotent, events));
  return connections_.back().get();
}

void LoadLoop::begin(Connection& connection, const Ticket& ticket, Clock::time_point now) {
  ++in_flight_;
  progress_.sent.add_one();
  if (ticket.measured) record_.begin();
  if (ticket.measured && plan_.open_loop) {
    record_.schedule_lag.record(now - ticket.intended);
    if (cap_reached_) ++record_.waited_for_connection;
  }
  if (deadlines_.set(connection, ticket.intended + plan_.timeout)) wake_for_deadlines();
  connection.carry(ticket, now);
}

void LoadLoop::expire_unsent(const Ticket& ticket, Clock::time_point now) {
  progress_.sent.add_one();
  progress_.errors.add_one();
  progress_.finished.add_one();
  if (!ticket.measured) return;
  record_.schedule_lag.record(plan_.timeout);
  if (cap_reached_) ++record_.waited_for_connection;
  record_.begin();
  record_.time_out_unsent(plan_.timeout);
  last_end_ = now;
}

void LoadLoop::on_response(Connection& connection, unsigned status) {
  const auto now = Clock::now();
  progress_.completed.add_one();
  if (status >= 400) progress_.errors.add_one();
  if (now >= plan_.timeline.measure_from && now < plan_.timeline.measure_until) ++record_.completed_in_window;
  if (connection.ticket().measured) {
    record_.complete(times(connection, now), status);
    last_end_ = now;
  }
  release(connection, now);
}

void LoadLoop::on_failure(Connection& connection, ErrorKind kind, std::string_view message) {
  const auto now = Clock::now();
  progress_.errors.add_one();
  if (connection.ticket().measured) {
    record_.fail(kind, message);
    last_end_ = now;
  }
  release(connection, now);
}

void LoadLoop::on_deadline(Connection& connection) {
  const auto now = Clock::now();
  if (std::erase(resting_, &connection) > 0) {
    closed_.push_back(&connection);
    return dispatch(now);
  }
  const ErrorKind kind = connection.connecting() ? ErrorKind::connect_timeout : ErrorKind::timeout;
  progress_.errors.add_one();
  if (connection.ticket().measured) {
    record_.time_out(kind, times(connection, now), plan_.timeout);
    last_end_ = now;
  }
  connection.drop();
  release(connection, now);
}

void LoadLoop::on_idle_close(Connection& connection) {
  std::erase(idle_, &connection);
  closed_.push_back(&connection);
}

/// The connection's request has ended; the connection may carry the next one at once.
void LoadLoop::release(Connection& connection, Clock::time_point now) {
  deadlines_.clear(connection);
  --in_flight_;
  progress_.finished.add_one();
  if (!plan_.open_loop && connection.failed_connects() > 0) {
    rest(connection, now);
  } else {
    (connection.open() ? idle_ : closed_).push_back(&connection);
  }
  dispatch(now);
}

void LoadLoop::rest(Connection& connection, Clock::time_point now) {
  resting_.push_back(&connection);
  const auto until = std::min(now + rest_after(connection.failed_connects()), plan_.timeline.measure_until);
  if (deadlines_.set(connection, until)) wake_for_deadlines();
}

void LoadLoop::wake_for_next_due(Clock::time_point now) {
  const auto next = feed_->next_due(now);
  if (!next) {
    if (in_flight_ == 0) close_all();
    return;
  }
  if (due_timer_.expiry() == *next) return;
  due_timer_.expires_at(*next);
  due_timer_.async_wait([this](boost::system::error_code error) {
    if (!error) dispatch(Clock::now());
  });
}

void LoadLoop::wake_for_deadlines() {
  deadline_timer_.expires_at(deadlines_.next());
  deadline_timer_.async_wait([this](boost::system::error_code error) {
    if (error) return;
    deadlines_.expire(Clock::now());
    if (deadlines_.next() != Clock::time_point::max()) wake_for_deadlines();
  });
}

/// Ends the run now. What the schedule had made due by now was meant to be sent, so it counts as unfinished too.
void LoadLoop::cut() {
  for (const auto& connection : connections_) {
    const bool rests = std::ranges::find(resting_, connection.get()) != resting_.end();
    const bool carries = !rests && connection->due() != Clock::time_point::max();
    if (carries && connection->ticket().measured) record_.leave_unfinished();
  }
  const auto now = Clock::now();
  while (plan_.open_loop && feed_->due(now)) {
    if (!feed_->take(now).measured) continue;
    record_.begin();
    record_.leave_unfinished();
  }
  close_all();
}

void LoadLoop::close_all() {
  for (const auto& connection : connections_)
    connection->drop();
  io_.stop();
}

RequestTimes LoadLoop::times(const Connection& connection, Clock::time_point ended) const {
  const auto origin = plan_.timeline.start;
  return {connection.ticket().intended - origin, connection.sent_at() - origin, ended - origin};
}

}  // namespace waitlab::client
