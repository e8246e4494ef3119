#pragma once

#include "common/http/request_parser.hpp"
#include "common/process/process_stats.hpp"
#include "server/connection/connection.hpp"
#include "server/connection/serve_request.hpp"
#include "server/processes/letter.hpp"
#include "server/telemetry/request_log.hpp"

#include <sys/types.h>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// What a server tells the program that forks for it, and hears from it and from the processes that it forks. All of
/// them are of one build, and read the same clock.
namespace waitlab::server {

using TimePoint = std::chrono::steady_clock::time_point;

/// What the program answers to its first letter, which is PartsElsewhere's: that it is ready, or why it can't be.
enum class Started : std::uint8_t { yes, no };

/// A request to be served by a process of its own: where it lies in the memory they share, and how far it is.
struct Job {
  std::uint64_t token = 0;  ///< by which the server knows it
  Tracks::Lent lane{};      ///< the process's place among those that serve
  Tracks::Lent request{};   ///< the request's track
  RequestLimits limits{};
  TimePoint queued_since{};
  std::optional<TimePoint> readable_since{};
  std::optional<HttpState::Expected> expected{};
  bool invited = false;
};

/// All later letters to the program. `received`: what came of the request, and behind it. `connection` stays the
/// caller's.
Letter job_letter(const Job& job, std::string_view received, int connection);

enum class News : std::uint8_t { served, ended, not_forked };

/// From the process: what became of the request. Its state in the memory that they share is that of one which has
/// ended.
struct Served {
  std::uint64_t token = 0;
  After after = After::close;
  std::optional<TimePoint> readable_since{};  ///< as in HttpState, of what was received behind the request
  std::string rest{};                         ///< that
  std::optional<RequestRow> row{};            ///< for the request log; its texts are these
  std::string row_id{};
  std::string row_route{};
};
Letter served_letter(const Served& served);
Served read_served(Letter& letter);

/// From the program: a process has ended.
struct Ended {
  std::uint64_t token = 0;
  pid_t process = 0;
  ResourceUsage used;  ///< by the process, and by the program itself since it told that last
};

/// From the program: there could be no process.
struct NotForked {
  std::uint64_t token = 0;
};

template <class Told>
Letter letter_of(News news, const Told& told) {
  Letter letter;
  letter.put(news);
  letter.put(told);
  return letter;
}

}  // namespace waitlab::server
