#include "server/strategies/thread_per_request.hpp"

#include "server/counts/thread_track.hpp"

#include <utility>

namespace waitlab::server {

ThreadPerRequest::ThreadPerRequest(const Settings& settings, const ApplicationParts& parts)
    : ParkedStrategy(parts), max_threads_(settings.max_threads), serving_(parts.site.shared->created_threads) {}

void ThreadPerRequest::dispatch(std::unique_ptr<Connection> connection) {
  threads_.join_ended();
  if (!serving_.add_below(max_threads_)) return reject(std::move(connection), Rejection::max_threads);
  Connection* const served = connection.get();
  if (threads_.start([this, served] { run(std::unique_ptr<Connection>(served)); })) {
    static_cast<void>(connection.release());
    return;
  }
  serving_.remove();
  reject(std::move(connection), Rejection::thread_creation);
}

void ThreadPerRequest::run(std::unique_ptr<Connection> connection) {
  std::unique_ptr<Connection> next;
  {
    const ThreadTrack lane(telemetry().threads);
    next = serve(std::move(connection));
  }
  serving_.remove();
  if (next) dispatch(std::move(next));
}

}  // namespace waitlab::server
