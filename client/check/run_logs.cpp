#include "client/check/run_logs.hpp"

#include "client/record/utc_now.hpp"

#include <algorithm>
#include <set>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace waitlab::client {
namespace {

using std::chrono::nanoseconds;

/// A server's and a backend's clock are a few microseconds apart.
constexpr nanoseconds clock_slack = std::chrono::milliseconds(5);

UnixTime came(const LoggedRequest& request) {
  return request.enqueued;
}

UnixTime came(const Hold& hold) {
  return hold.arrival;
}

/// Of requests that came at the same moment, the one that was started first was the first in the queue.
std::pair<UnixTime, UnixTime> turn(const LoggedRequest& request) {
  return {request.enqueued, request.started.value_or(request.ended)};
}

std::pair<UnixTime, UnixTime> turn(const Hold& hold) {
  return {hold.arrival, hold.arrival + hold.queued};
}

UnixTime begin_of(const LoadResult& load) {
  const auto began = parse_utc(load.started_at);
  return began ? UnixTime(*began) : UnixTime::min();
}

template <class Entry>
std::vector<const Entry*> entries_since(const std::vector<Entry>& log, UnixTime begin) {
  std::vector<const Entry*> entries;
  for (const Entry& entry : log) {
    if (came(entry) >= begin) entries.push_back(&entry);
  }
  std::stable_sort(entries.begin(), entries.end(), [](const auto* a, const auto* b) { return turn(*a) < turn(*b); });
  return entries;
}

/// The run's entries, of those that are in the order of their coming. `strangers`: others among them.
template <class Entry>
std::vector<const Entry*> entries_of_run(const std::vector<const Entry*>& entries, std::optional<std::string> seed,
                                         std::size_t& strangers) {
  std::vector<const Entry*> own;
  std::set<std::uint64_t> seen;
  std::size_t others = 0;
  for (const Entry* entry : entries) {
    const auto id = parse_client_request_id(entry->request_id);
    if (id && !seed) seed = std::string(id->seed);
    if (!id || id->seed != seed) {
      ++others;
      continue;
    }
    if (!seen.insert(id->number).second) break;
    own.push_back(entry);
    strangers = others;  // those after the last one don't matter
  }
  return own;
}

CheckedRequest checked(const LoggedRequest& logged, UnixTime origin) {
  CheckedRequest request{.number = parse_client_request_id(logged.request_id)->number};
  request.served = logged.started.has_value();
  request.stay = {.enqueued = logged.enqueued - origin,
                  .started = logged.started.value_or(logged.ended) - origin,
                  .ended = logged.ended - origin};
  return request;
}

/// Gives each request the hold of its id that came while the server had it. Ids may come again in later runs.
void join(RunLogs& logs, const std::vector<const LoggedRequest*>& entries, const std::vector<Hold>& holds) {
  std::unordered_multimap<std::string_view, const Hold*> by_id;
  for (const Hold& hold : holds)
    by_id.emplace(hold.request_id, &hold);
  for (std::size_t index = 0; index < entries.size(); ++index) {
    CheckedRequest& request = logs.requests[index];
    const auto [first, last] = by_id.equal_range(entries[index]->request_id);
    for (auto match = first; match != last; ++match) {
      const Hold& hold = *match->second;
      if (hold.arrival < entries[index]->enqueued - clock_slack || hold.arrival > entries[index]->ended + clock_slack)
        continue;
      request.hold = hold.held;
      logs.longest_backend_queue = std::max(logs.longest_backend_queue, hold.queued);
    }
    if (request.served && !request.hold) ++logs.unmatched;
  }
}

bool same(const std::shared_ptr<const StrategyFacts>& a, const std::shared_ptr<const StrategyFacts>& b) {
  return a == b || (a && b && *a == *b);
}

void read_server_side(RunLogs& logs, const CheckSubject& subject) {
  const auto since = entries_since(*subject.server_log, begin_of(subject.load));
  const auto entries = entries_of_run(since, subject.seed, logs.strangers);
  if (entries.empty()) return;
  const LoggedRequest& first = *entries.front();
  logs.strategy = first.strategy;
  if (first.facts) logs.facts = *first.facts;
  logs.switched = std::ranges::any_of(entries, [&first](const LoggedRequest* entry) {
    return entry->strategy != first.strategy || !same(entry->facts, first.facts);
  });
  for (const LoggedRequest* entry : entries)
    logs.requests.push_back(checked(*entry, entries.front()->enqueued));
  if (subject.hold_log) join(logs, entries, *subject.hold_log);
}

void read_backend_side(RunLogs& logs, const CheckSubject& subject) {
  std::size_t strangers = 0;
  const auto entries =
      entries_of_run(entries_since(*subject.hold_log, begin_of(subject.load)), subject.seed, strangers);
  for (const Hold* entry : entries) {
    CheckedRequest request{.number = parse_client_request_id(entry->request_id)->number};
    request.stay.enqueued = entry->arrival - entries.front()->arrival;
    request.hold = entry->held;
    logs.requests.push_back(request);
    logs.longest_backend_queue = std::max(logs.longest_backend_queue, entry->queued);
  }
}

/// How many requests the client has numbered up to those it is told of, counting what the logs lost. Its thread k of n
/// numbers its own k, k + n, …, and in a closed loop one thread may be far ahead of another.
class Numbering {
 public:
  explicit Numbering(unsigned threads) : of_threads_(std::max(threads, 1U)) {}

  void pass(std::uint64_t number) {
    std::uint64_t& of_thread = of_threads_[number % of_threads_.size()];
    const std::uint64_t before = of_thread;
    of_thread = std::max(of_thread, number / of_threads_.size() + 1);
    passed_ += of_thread - before;
  }

  std::uint64_t passed() const { return passed_; }

 private:
  std::vector<std::uint64_t> of_threads_;
  std::uint64_t passed_ = 0;
};

void mark_measured(RunLogs& logs, const LoadResult& load) {
  Numbering all(load.threads);
  for (const CheckedRequest& request : logs.requests)
    all.pass(request.number);
  Numbering so_far(load.threads);
  for (CheckedRequest& request : logs.requests) {
    request.measured = so_far.passed() + load.record.requests.sent >= all.passed();
    so_far.pass(request.number);
  }
}

std::vector<Stay> stays_of(const RunLogs& logs, bool measured_only) {
  std::vector<Stay> stays;
  if (!logs.has_server) return stays;
  for (const CheckedRequest& request : logs.requests) {
    if (request.served && (request.measured || !measured_only)) stays.push_back(request.stay);
  }
  return stays;
}

std::vector<nanoseconds> holds_of(const RunLogs& logs, bool measured_only) {
  std::vector<nanoseconds> holds;
  for (const CheckedRequest& request : logs.requests) {
    if (request.hold && (request.measured || !measured_only)) holds.push_back(*request.hold);
  }
  return holds;
}

}  // namespace

bool RunLogs::has_holds() const {
  return std::ranges::any_of(requests, [](const CheckedRequest& request) { return request.hold.has_value(); });
}

std::vector<Stay> RunLogs::stays() const {
  return stays_of(*this, false);
}

std::vector<Stay> RunLogs::measured_stays() const {
  return stays_of(*this, true);
}

std::vector<nanoseconds> RunLogs::holds() const {
  return holds_of(*this, false);
}

std::vector<nanoseconds> RunLogs::measured_holds() const {
  return holds_of(*this, true);
}

std::vector<nanoseconds> RunLogs::thread_holds() const {
  if (!has_server) return holds();
  std::vector<nanoseconds> times;
  for (const Stay& stay : stays())
    times.push_back(stay.hold());
  return times;
}

std::vector<double> RunLogs::gaps() const {
  std::vector<double> gaps;
  for (std::size_t index = 1; index < requests.size(); ++index)
    gaps.push_back(Seconds(requests[index].stay.enqueued - requests[index - 1].stay.enqueued).count());
  return gaps;
}

double RunLogs::rate() const {
  if (requests.size() < 2) return 0;
  return static_cast<double>(requests.size() - 1) /
         Seconds(requests.back().stay.enqueued - requests.front().stay.enqueued).count();
}

RunLogs read_run_logs(const CheckSubject& subject) {
  RunLogs logs;
  logs.has_server = subject.server_log != nullptr;
  logs.has_backend = subject.hold_log != nullptr;
  if (logs.has_server) {
    read_server_side(logs, subject);
  } else if (logs.has_backend) {
    read_backend_side(logs, subject);
  }
  if (logs.has_server && logs.requests.empty()) logs.of_others.push_back(subject.server_log_file);
  if (logs.has_backend && !logs.has_holds()) logs.of_others.push_back(subject.hold_log_file);
  if (logs.strategy.empty()) logs.strategy = subject.strategy;
  mark_measured(logs, subject.load);
  return logs;
}

}  // namespace waitlab::client
