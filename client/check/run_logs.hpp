#pragma once

#include "client/check/stays.hpp"
#include "client/logs/request_logs.hpp"
#include "client/record/load_result.hpp"
#include "client/theory/queueing.hpp"
#include "common/facts/strategy_facts.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace waitlab::client {

/// A run that is to be checked, and the logs that tell of it. The logs may hold other runs as well.
struct CheckSubject {
  std::string name;  ///< how the report calls it
  LoadResult load;
  std::optional<std::string> seed;  ///< of its request ids, in hex; without it, the first in the logs since it began
  std::string strategy;             ///< if the server's log doesn't say; empty: not known
  std::optional<StrategyFacts> facts{};  ///< of it, as the server said that served the run; nothing: it did not
  std::optional<unsigned> threads{};     ///< of a pool: how many workers it had, if the server's log doesn't say
  std::shared_ptr<const std::vector<LoggedRequest>> server_log;  ///< null: there is none; as the next
  std::shared_ptr<const std::vector<Hold>> hold_log;
  std::string server_log_file{};  ///< what people call it; as the next
  std::string hold_log_file{};
};

/// A request of the run, as far as both logs tell of it. Times are offsets from the first one's coming.
struct CheckedRequest {
  std::uint64_t number = 0;                        ///< in its id
  bool measured = false;                           ///< not of the warm-up
  bool served = true;                              ///< not rejected
  Stay stay{};                                     ///< at the server; without its log, `enqueued` only: at the backend
  std::optional<std::chrono::nanoseconds> hold{};  ///< as the backend logged it
};

/// What the logs say of one run: its requests, told from others by seed and time, server and backend joined by id.
struct RunLogs {
  bool has_server = false;
  bool has_backend = false;
  std::string strategy;                  ///< that served the first of them; empty: not known
  std::optional<StrategyFacts> facts{};  ///< of it, but for the texts, where the server's log tells them
  bool switched = false;                 ///< whether others were served by another, or by one of another size
  std::vector<CheckedRequest> requests;  ///< in the order of their coming
  std::size_t strangers = 0;             ///< requests of others that the server had meanwhile
  std::size_t unmatched = 0;             ///< requests in only one of both logs
  std::vector<std::string> of_others{};  ///< files of logs that have none of the run's requests
  std::chrono::nanoseconds longest_backend_queue{0};

  /// Whether the backend's log tells of any of them.
  bool has_holds() const;

  /// Of the served ones. The last two are empty without the log they need.
  std::vector<Stay> stays() const;
  std::vector<Stay> measured_stays() const;
  std::vector<std::chrono::nanoseconds> holds() const;
  std::vector<std::chrono::nanoseconds> measured_holds() const;

  /// How long each served one held its thread: by the server's log; without it, by the backend's.
  std::vector<std::chrono::nanoseconds> thread_holds() const;

  /// Between two comings.
  std::vector<double> gaps() const;
  /// Comings per second, 0 with fewer than two.
  double rate() const;
};

/// Finds the run's requests: those of its seed since it began, until an id comes a second time, which begins another
/// run. The warm-up is not told apart in the logs: the measured requests are the last `requests.sent` of all that the
/// client numbered, in the order of their coming.
RunLogs read_run_logs(const CheckSubject& subject);

}  // namespace waitlab::client
