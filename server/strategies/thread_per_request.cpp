#include "server/strategies/thread_per_request.hpp"

#include "server/counts/thread_track.hpp"

#include <system_error>
#include <utility>

namespace waitlab::server {

ThreadPerRequest::ThreadPerRequest(const Settings& settings, const ApplicationParts& parts)
    : ParkedStrategy(parts), max_threads_(settings.max_threads), serving_(parts.site.request_threads) {}

ThreadPerRequest::~ThreadPerRequest() {
  {
    std::unique_lock lock(mutex_);
    none_running_.wait(lock, [this] { return running_.empty(); });
  }
  join_finished();
}

void ThreadPerRequest::dispatch(std::unique_ptr<Connection> connection) {
  join_finished();
  if (!serving_.add_below(max_threads_)) return reject(std::move(connection), Rejection::max_threads);
  if (start_thread(connection)) return;
  serving_.remove();
  reject(std::move(connection), Rejection::thread_creation);
}

/// Takes the connection only if it succeeds.
bool ThreadPerRequest::start_thread(std::unique_ptr<Connection>& connection) {
  const std::scoped_lock lock(mutex_);
  const Threads::iterator self = running_.emplace(running_.end());
  Connection* const served = connection.get();
  try {
    *self = std::thread([this, self, served] { run(self, std::unique_ptr<Connection>(served)); });
  } catch (const std::system_error&) {
    running_.erase(self);
    return false;
  }
  static_cast<void>(connection.release());
  return true;
}

void ThreadPerRequest::run(Threads::iterator self, std::unique_ptr<Connection> connection) {
  std::unique_ptr<Connection> next;
  {
    const ThreadTrack lane(telemetry().threads);
    next = serve(std::move(connection));
  }
  serving_.remove();
  if (next) dispatch(std::move(next));
  const std::scoped_lock lock(mutex_);
  finished_.splice(finished_.end(), running_, self);
  if (running_.empty()) none_running_.notify_all();
}

void ThreadPerRequest::join_finished() {
  Threads finished;
  {
    const std::scoped_lock lock(mutex_);
    finished.swap(finished_);
  }
  for (std::thread& thread : finished)
    thread.join();
}

}  // namespace waitlab::server
