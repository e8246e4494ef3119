#include "server/strategies/thread_per_connection.hpp"

#include "server/counts/thread_track.hpp"
#include "server/runtime/serve_connection.hpp"

#include <poll.h>
#include <utility>

namespace waitlab::server {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds between_sweeps{1};

}  // namespace

/// A connection and the thread it is tied to.
struct ThreadPerConnection::Tied {
  Tied(Io& io, IdleConnection idle, Telemetry& telemetry, Counted counted)
      : connection(io, std::move(idle), telemetry), thread(std::move(counted)) {}

  Connection connection;
  Counted thread;
};

ThreadPerConnection::ThreadPerConnection(const Settings& settings, const ApplicationParts& parts)
    : max_threads_(settings.max_threads),
      threads_there_are_(parts.site.shared->created_threads),
      application_(parts),
      threads_(settings.stack) {}

ThreadPerConnection::~ThreadPerConnection() {
  stop_accepting();
}

void ThreadPerConnection::accept_from(Listener& listener) {
  listener_ = &listener;
  acceptor_ = std::thread([this] { accept(); });
}

void ThreadPerConnection::adopt(IdleConnection connection) {
  begin(std::move(connection), Counted(threads_there_are_));
}

void ThreadPerConnection::retire(Strategy* successor) {
  drain_.begin(adopted_by(successor));
  stop_accepting();
  if (successor != nullptr) return;
  // Nobody else will take what the kernel has accepted.
  const Service& service = application_.service();
  listener_->accept_last(service.telemetry, service.site,
                         [this](IdleConnection connection) { take_accepted(std::move(connection)); });
}

bool ThreadPerConnection::wait_drained(Clock::time_point deadline) {
  threads_.join_ended();
  return drain_.wait_until_none(deadline);
}

/// The accepting thread. What it looks for first is a connection, so that an interruption alone would not end it while
/// they keep coming.
void ThreadPerConnection::accept() {
  const Service& service = application_.service();
  Clock::time_point next_sweep = Clock::now() + between_sweeps;
  while (!drain_.begun()) {
    const auto waited = idle_io_.wait(listener_->descriptor(), POLLIN, next_sweep);
    if (waited == std::errc::operation_canceled) return;
    const bool goes_on =
        waited || listener_->accept_ready(service.telemetry, service.site,
                                          [this](IdleConnection accepted) { take_accepted(std::move(accepted)); });
    if (!goes_on) idle_io_.wait(IdleIo::no_descriptor, 0, Clock::now() + Listener::retry_pause);
    if (Clock::now() < next_sweep) continue;
    application_.housekeep();
    threads_.join_ended();
    next_sweep = Clock::now() + between_sweeps;
  }
}

void ThreadPerConnection::stop_accepting() {
  idle_io_.interrupt();
  if (acceptor_.joinable()) acceptor_.join();
}

void ThreadPerConnection::take_accepted(IdleConnection connection) {
  Counted thread(threads_there_are_, max_threads_);
  if (!thread) return refuse(std::move(connection), Refusal::max_threads);
  begin(std::move(connection), std::move(thread));
}

void ThreadPerConnection::begin(IdleConnection connection, Counted thread) {
  if (drain_.passes_on(connection)) return;
  auto tied = std::make_unique<Tied>(io_, std::move(connection), application_.service().telemetry, std::move(thread));
  drain_.enter();
  Tied* const served = tied.get();
  if (threads_.start([this, served] { serve(std::unique_ptr<Tied>(served)); })) {
    static_cast<void>(tied.release());
    return;
  }
  refuse(tied->connection.release(), Refusal::thread_creation);
  drain_.leave();
}

void ThreadPerConnection::serve(std::unique_ptr<Tied> tied) {
  const ThreadTrack lane(application_.service().telemetry.threads);
  {
    const ScopedActivity serving(Activity::running);
    serve_connection(io_, idle_io_, tied->connection, application_.service(), drain_, Answers::gathered).get();
  }
  tied.reset();
  drain_.leave();
}

void ThreadPerConnection::refuse(IdleConnection connection, Refusal why) {
  count(application_.service().telemetry.counts.here().refused[why]);
  listener_->farewell().refuse(connection);  // or else it is closed at once
}

}  // namespace waitlab::server
