#include "client/engine/load_loop.hpp"

#include "common/process/process_stats.hpp"

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

/// Of what a thread used in less, a share says nothing.
constexpr std::chrono::nanoseconds shortest_telling_span = 50ms;

}  // namespace

LoadLoop::LoadLoop(LoopPlan plan, std::unique_ptr<Feed> feed)
    : plan_(std::move(plan)), feed_(std::move(feed)), recorder_(std::move(plan_.record)) {}

void LoadLoop::run(std::stop_token stop) {
  const std::stop_callback cut_when_stopped(std::move(stop), [this] { asio::post(io_, [this] { cut(); }); });
  if (plan_.opened) adopt(std::move(*plan_.opened));
  dispatch(Clock::now());
  io_.run();
  if (used_before_ && !used_after_) used_after_ = usage_now();
  recorder_.close();
}

std::optional<LoadThreadUsage> LoadLoop::usage() const {
  if (!used_before_ || !used_after_) return std::nullopt;
  const auto span = used_after_->at - used_before_->at;
  if (span < shortest_telling_span) return std::nullopt;
  const auto busy = used_after_->cpu_time - used_before_->cpu_time;
  return LoadThreadUsage{
      .cpu_share = std::min(1.0, static_cast<double>(busy.count()) / static_cast<double>(span.count())),
      .span = span,
      .involuntary_switches = used_after_->involuntary_switches - used_before_->involuntary_switches};
}

LoadLoop::UsageMark LoadLoop::usage_now() {
  const ResourceUsage used = thread_usage();
  return {.at = Clock::now(), .cpu_time = used.cpu_time, .involuntary_switches = used.involuntary_switches};
}

void LoadLoop::add_whole_run(LoadRecord& run) const {
  run.merge_targets(recorder_.targets());
  for (const auto& connection : connections_) {
    const Traffic& traffic = connection->traffic();
    run.connections += traffic.opened;
    run.reconnects += traffic.opened - std::min<std::uint64_t>(traffic.opened, 1);
    run.elsewhere += traffic.elsewhere;
    run.retried += traffic.retried;
    run.unasked += traffic.unasked;
    run.bytes_in += traffic.bytes_in;
    run.bytes_out += traffic.bytes_out;
  }
}

/// Starts every request that was due on waking and has a connection to go on, then waits for what comes next. What
/// becomes due meanwhile has its turn after the responses that came meanwhile.
void LoadLoop::dispatch(Clock::time_point woken) {
  auto now = woken;
  while (const auto ticket = feed_->due(woken)) {
    if (ticket->intended + timeout() <= now) {
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
  while (!idle_.empty()) {
    Connection* connection = idle_.back();
    if (!connection->look()) continue;  // on_idle_close has taken it out
    idle_.pop_back();
    return connection;
  }
  if (!closed_.empty()) {
    Connection* connection = closed_.back();
    closed_.pop_back();
    return connection;
  }
  return connections_.size() == plan_.connections ? nullptr : &add_connection();
}

Connection& LoadLoop::add_connection() {
  ConnectionEvents& events = *this;
  connections_.push_back(
      std::make_unique<Connection>(io_, plan_.servers, plan_.tls, plan_.check.wanted_body(), events));
  return *connections_.back();
}

void LoadLoop::adopt(OpenConnection open) {
  Connection& connection = add_connection();
  connection.adopt(std::move(open));
  (connection.open() ? idle_ : closed_).push_back(&connection);
}

void LoadLoop::begin(Connection& connection, const Ticket& ticket, Clock::time_point now) {
  ++in_flight_;
  progress_.sent.add_one();
  if (ticket.measured) {
    if (!used_before_) used_before_ = usage_now();
    recorder_.begin(ticket, cap_reached_);
    recorder_.send(ticket, now);
  }
  if (deadlines_.set(connection, ticket.intended + timeout() - connection.charge())) wake_for_deadlines();
  const std::size_t target = plan_.texts.choose(ticket.n);
  connection.carry({.ticket = ticket, .target = target, .sent = now}, plan_.texts[target]);
}

void LoadLoop::expire_unsent(const Ticket& ticket, Clock::time_point now) {
  progress_.sent.add_one();
  progress_.errors.add_one();
  progress_.finished.add_one();
  if (!ticket.measured) return;
  recorder_.begin(ticket, cap_reached_);
  recorder_.expire_unsent({.ticket = ticket, .target = plan_.texts.choose(ticket.n), .sent = {}}, cap_reached_, now);
}

void LoadLoop::on_response(Connection& connection) {
  const auto now = Clock::now();
  ResponseSeen response = plan_.check.look_at(connection.response());
  if (const auto first = connection.first_part())
    response.nagle_stall = is_nagle_stall(now - *first, connection.response().body_bytes());
  progress_.completed.add_one();
  if (response.unwanted) progress_.errors.add_one();
  recorder_.count_response(response, now);
  if (connection.attempt().ticket.measured) {
    recorder_.complete(connection.attempt(), response, connection.response().body_bytes(), now);
  }
  release(connection, now);
}

void LoadLoop::on_failure(Connection& connection, ErrorKind kind, std::string_view message) {
  const auto now = Clock::now();
  progress_.errors.add_one();
  if (connection.attempt().ticket.measured) recorder_.fail(connection.attempt(), kind, message, now);
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
  if (connection.attempt().ticket.measured) recorder_.time_out(connection.attempt(), kind, now);
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
  if (!open_loop() && connection.failed_connects() > 0) {
    rest(connection, now);
  } else {
    (connection.open() ? idle_ : closed_).push_back(&connection);
  }
  dispatch(now);
}

void LoadLoop::rest(Connection& connection, Clock::time_point now) {
  resting_.push_back(&connection);
  const auto until = std::min(now + rest_after(connection.failed_connects()), recorder_.plan().timeline.measure_until);
  if (deadlines_.set(connection, until)) wake_for_deadlines();
}

void LoadLoop::wake_for_next_due(Clock::time_point now) {
  const auto next = feed_->next_due(now);
  if (!next) {
    if (used_before_ && !used_after_) used_after_ = usage_now();
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
  const auto now = Clock::now();
  for (const auto& connection : connections_) {
    const bool rests = std::ranges::find(resting_, connection.get()) != resting_.end();
    const bool carries = !rests && connection->due() != Clock::time_point::max();
    if (carries && connection->attempt().ticket.measured) recorder_.leave_unfinished(connection->attempt(), now);
  }
  while (open_loop() && feed_->due(now)) {
    const Ticket ticket = feed_->take(now);
    if (!ticket.measured) continue;
    recorder_.begin(ticket, cap_reached_);
    recorder_.leave_unfinished({.ticket = ticket, .target = plan_.texts.choose(ticket.n), .sent = {}}, now);
  }
  close_all();
}

void LoadLoop::close_all() {
  for (const auto& connection : connections_)
    connection->drop();
  io_.stop();
}

}  // namespace waitlab::client
