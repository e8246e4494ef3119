#include "server/strategies/fixed_pool.hpp"

#include "server/counts/thread_track.hpp"

#include <system_error>
#include <utility>

namespace waitlab::server {

namespace {

using Clock = std::chrono::steady_clock;

void begin_to_queue(const std::unique_ptr<Connection>& admitted) {
  admitted->request.queue();
}

}  // namespace

FixedPool::FixedPool(const Settings& settings, const ApplicationParts& parts)
    : ParkedStrategy(parts),
      settings_(settings),
      request_timeout_(parts.timeouts.request),
      queue_(settings.queue_capacity) {
  for (std::uint32_t thread = 0; thread < settings.core(); ++thread) {
    std::unique_ptr<Connection> none_yet;
    if (add_thread(none_yet)) continue;
    queue_.close();
    throw std::system_error(std::make_error_code(std::errc::resource_unavailable_try_again));
  }
  // A thread that is not there yet is no room: with no queue, the first request would be rejected.
  queue_.await_consumers(settings.core());
}

FixedPool::~FixedPool() {
  queue_.close();
}

void FixedPool::dispatch(std::unique_ptr<Connection> connection) {
  if (settings_.growth == grow_first) {
    auto without_thread = queue_.try_hand_over(std::move(connection), begin_to_queue);
    if (!without_thread || add_thread(*without_thread)) return;
    connection = std::move(*without_thread);
  }
  auto full = queue_.try_push(std::move(connection), begin_to_queue);
  if (!full || add_thread(*full)) return;
  reject(std::move(*full), Rejection::queue_full);
}

FixedPool::TimePoint FixedPool::housekeeping(TimePoint now) {
  threads_.join_ended();
  TimePoint next = now + request_timeout_;  // for what comes from now on
  const auto is_overdue = [&](const std::unique_ptr<Connection>& queued) {
    next = due(*queued);
    return next <= now;
  };
  while (auto late = queue_.try_pop_if(is_overdue))
    reject(std::move(*late), Rejection::queue_timeout);
  return next;
}

/// Takes the connection, which the thread serves first, only if it succeeds.
bool FixedPool::add_thread(std::unique_ptr<Connection>& first) {
  if (!there_are_.add_below(settings_.threads)) return false;
  Connection* const served = first.get();
  if (threads_.start([this, served] { work(std::unique_ptr<Connection>(served)); })) {
    static_cast<void>(first.release());
    return true;
  }
  there_are_.remove();
  return false;
}

void FixedPool::work(std::unique_ptr<Connection> first) {
  const ThreadTrack lane(telemetry().threads);
  if (first) serve_in_turn(std::move(first));
  for (;;) {
    const bool may_end = there_are_.value() > settings_.core();
    auto connection = queue_.pop(may_end ? Clock::now() + settings_.idle_timeout : TimePoint::max());
    if (connection) {
      serve_in_turn(std::move(*connection));
    } else if (queue_.closed() || there_are_.remove_above(settings_.core())) {
      return;
    }
  }
}

void FixedPool::serve_in_turn(std::unique_ptr<Connection> connection) {
  if (due(*connection) <= Clock::now()) return reject(std::move(connection), Rejection::queue_timeout);
  auto next = serve(std::move(connection));
  if (!next) return;
  next->request.queue();
  queue_.push_own(std::move(next));
}

}  // namespace waitlab::server
