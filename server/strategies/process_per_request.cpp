#include "server/strategies/process_per_request.hpp"

#include <string>
#include <utility>

namespace waitlab::server {

ProcessPerRequest::ProcessPerRequest(const Settings& settings, const ApplicationParts& parts)
    : ParkedStrategy(parts),
      max_processes_(settings.max_processes),
      serving_(parts.site.shared->created_processes),
      forker_(parts, {.on_served = [this](Served served) { take_back(std::move(served)); },
                      .on_ended = [this](const Ended& ended) { forget(ended); },
                      .on_not_forked =
                          [this](const NotForked& job) {
                            if (auto connection = remove(job.token))
                              reject(std::move(connection), Rejection::process_creation);
                          },
                      .on_lost = [this] { lose_all(); }}) {}

bool ProcessPerRequest::wait_drained(TimePoint deadline) {
  if (!ParkedStrategy::wait_drained(deadline)) return false;
  std::unique_lock lock(mutex_);
  return none_.wait_until(lock, deadline, [this] { return processes_.empty(); });
}

void ProcessPerRequest::dispatch(std::unique_ptr<Connection> connection) {
  if (!serving_.add_below(max_processes_)) return reject(std::move(connection), Rejection::max_processes);
  if (const After after = invite(*connection); after != After::again) {
    serving_.remove();
    if (auto next = settle(std::move(connection), after)) dispatch(std::move(next));
    return;
  }
  HttpState& http = connection->http;
  Job job{.request = connection->request.lend(),
          .limits = http.parser.limits(),
          .queued_since = http.queued_since,
          .readable_since = http.readable_since,
          .expected = http.expected,
          .invited = http.invited};
  const std::string received = http.taken + std::string(http.in.unread());
  const int socket = connection->socket->native_handle();
  {
    const std::scoped_lock lock(mutex_);
    job.token = next_token_++;
    Process& process = processes_.try_emplace(job.token, std::move(connection), telemetry().threads).first->second;
    process.connection->request.queue();
    process.lane->be_process(Track::not_forked);
    job.lane = process.lane.lend();
  }
  if (forker_.send(job_letter(job, received, socket))) return;
  if (auto unserved = remove(job.token)) reject(std::move(unserved), Rejection::process_creation);
}

void ProcessPerRequest::take_back(Served served) {
  auto connection = connection_of(served.token);
  if (!connection) return;
  if (served.row) {
    served.row->request_id = served.row_id;
    served.row->route = served.row_route;
    served.row->served_by = service().logged_as;
    if (const std::uint64_t lost = service().site.request_log->append(*served.row); lost > 0)
      count(telemetry().counts.here().log_rows_lost, lost);
  }
  connection->http.end_request();
  connection->http.in.clear();
  connection->http.in.append(served.rest);
  connection->http.readable_since = served.readable_since;
  if (auto next = settle(std::move(connection), served.after)) dispatch(std::move(next));
}

void ProcessPerRequest::forget(const Ended& ended) {
  count_processes(telemetry().counts.here(), ended.used);
  if (auto unserved = remove(ended.token)) lose(std::move(unserved), ended.process);
}

void ProcessPerRequest::lose_all() {
  Processes lost;
  {
    const std::scoped_lock lock(mutex_);
    lost.swap(processes_);
    none_.notify_all();
  }
  for (auto& [token, process] : lost) {
    if (!process.connection) continue;
    serving_.remove();
    lose(std::move(process.connection), process.lane->process());
  }
}

/// What was lent to it; null once it has been taken back, or was lost.
std::unique_ptr<Connection> ProcessPerRequest::connection_of(std::uint64_t token) {
  const std::scoped_lock lock(mutex_);
  const auto found = processes_.find(token);
  if (found == processes_.end() || !found->second.connection) return nullptr;
  serving_.remove();
  return std::move(found->second.connection);
}

/// Forgets the process. Returns what was lent to it and has not been taken back.
std::unique_ptr<Connection> ProcessPerRequest::remove(std::uint64_t token) {
  auto connection = connection_of(token);
  const std::scoped_lock lock(mutex_);
  processes_.erase(token);
  if (processes_.empty()) none_.notify_all();
  return connection;
}

/// There is nobody left to answer its request, or to give back what the process had locked.
void ProcessPerRequest::lose(std::unique_ptr<Connection> connection, pid_t process) {
  service().site.shared->state.accounts.release_all_of(process);
  count(telemetry().counts.here().endings[Ending::worker_lost]);
  settle(std::move(connection), After::close);
}

}  // namespace waitlab::server
