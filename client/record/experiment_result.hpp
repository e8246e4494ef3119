#pragma once

#include "client/record/load_result.hpp"
#include "common/facts/strategy_facts.hpp"
#include "common/process/machine.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace waitlab::client {

/// How a target comes about.
enum class TargetKind {
  server,   ///< a waitlab-server, started for each session
  command,  ///< any command, started for each session
  url,      ///< it runs already
};

/// How it is found out that a target serves.
struct Readiness {
  std::string path{};  ///< asked for until the answer is 2xx or 3xx; empty: that of the load
  std::chrono::nanoseconds within = std::chrono::seconds(10);
};

/// What an experiment loads, as its file describes it.
struct ExperimentTarget {
  std::string name;
  TargetKind kind = TargetKind::server;
  std::string family{};                    ///< the name it shares with the others that one sweep made; else its own
  std::vector<std::string> sweep{};        ///< "key=value" words: where in its sweep it stands; empty without one
  std::vector<std::string> settings{};     ///< of a server: the "key=value" words of its `--set`s, the sweep's included
  std::string path{};                      ///< of a server: asked for instead of the load's; empty: the load's
  std::string strategy{};                  ///< by its settings or as its server says; empty: neither did
  std::optional<StrategyFacts> facts{};    ///< of that strategy, as its server said
  std::optional<unsigned> threads{};       ///< of these: how many requests its workers can hold at once
  std::vector<std::string> command{};      ///< of a command: program and arguments, placeholders included
  std::string directory{};                 ///< of a command: where it runs
  std::vector<std::string> environment{};  ///< of a command: "NAME=value" words, placeholders included
  std::string url{};                       ///< of a command or a URL; without a path, the load's is meant
  Readiness ready{};                       ///< of a command or a URL
  std::optional<int> pid{};                ///< of a URL: the process to watch, if one was given
};

/// How the requests of a load come about.
enum class Loop {
  open,    ///< by a schedule, whatever becomes of those before
  closed,  ///< each connection sends the next one once it has its answer
};

/// One strength of a load.
struct Level {
  Loop loop = Loop::open;
  double value = 0;  ///< open loop: offered, per second; closed loop: connections

  bool operator==(const Level&) const = default;
};

/// The load of an experiment, the same for all of its targets.
struct ExperimentLoad {
  std::string path = "/wait";  ///< what is asked for; empty if `targets_file` or each target says
  std::string targets_file;    ///< of a mix of requests: its path; else empty
  Loop loop = Loop::open;
  std::string arrivals = "poisson";                             ///< of an open loop: or "constant"
  std::vector<double> levels;                                   ///< see `Level::value`; in the file's order
  std::chrono::nanoseconds duration = std::chrono::seconds(3);  ///< the measured part of a run
  std::chrono::nanoseconds warmup = std::chrono::milliseconds(500);
  std::chrono::nanoseconds timeout = std::chrono::seconds(5);
  unsigned max_connections = 4096;  ///< of an open loop
  std::uint64_t seed = 1;

  Level level(std::size_t index) const { return {.loop = loop, .value = levels[index]}; }
  /// What this target is asked for; empty for a mix of requests.
  const std::string& path_of(const ExperimentTarget& target) const { return target.path.empty() ? path : target.path; }
};

/// In which order the targets of a repeat have their turns.
struct RunOrder {
  bool shuffled = true;    ///< else in the file's order
  std::uint64_t seed = 1;  ///< of the shuffling
};

/// The server process at one moment of a run, seen from outside.
struct ServerSample {
  std::chrono::nanoseconds at{0};  ///< since the sampling began
  std::uint32_t threads = 0;
  std::uint64_t rss_bytes = 0;
  std::chrono::nanoseconds cpu_time{0};      ///< of the whole process since its start
  std::optional<std::uint64_t> in_flight{};  ///< this and the next two by its /status, where that was asked for
  std::optional<std::uint64_t> queued{};
  std::optional<std::uint64_t> rejected{};  ///< since the start of the server
};

/// What the server process used over the measured window, ended threads included and the thread that answers the
/// sampler left out.
struct ServerUsage {
  std::chrono::nanoseconds span{0};  ///< between the two readings of the server's counters
  std::chrono::nanoseconds cpu_time{0};
  std::uint64_t voluntary_switches = 0;
  std::uint64_t involuntary_switches = 0;
  std::uint64_t completed = 0;              ///< requests completed: by the server's count, or else by the client's
  std::optional<std::uint64_t> rejected{};  ///< requests rejected, where the server says so

  double cpu_us() const { return std::chrono::duration<double, std::micro>(cpu_time).count(); }
  std::uint64_t switches() const { return voluntary_switches + involuntary_switches; }
};

/// What was seen of the server during one run.
struct ServerObservation {
  std::uint32_t peak_threads = 0;
  std::uint64_t peak_rss_bytes = 0;
  std::optional<std::uint64_t> idle_rss_bytes;  ///< before the session's first request
  std::optional<std::uint64_t> peak_in_flight;  ///< this and the next by its /status
  std::optional<std::uint64_t> peak_queued;
  std::optional<ServerUsage> usage;  ///< nothing if the counters could not be read at both ends
  std::vector<ServerSample> samples;
};

/// One target at one level, once.
struct ExperimentRun {
  std::size_t target = 0;  ///< index into `targets`
  std::size_t level = 0;   ///< index into the load's `levels`
  unsigned repeat = 0;     ///< from 0
  std::uint64_t seed = 0;  ///< of the arrivals and request ids: the same for every target
  LoadResult load;
  ServerObservation server;
  std::optional<std::chrono::nanoseconds> mean_hold{};  ///< of this run's requests, by the backend's own log
  /// The backend's log of holds and the server's of requests, paths from the folder of the results; empty: none is
  /// kept.
  std::string hold_log{};
  std::string request_log{};
  /// What the server's threads and requests did for a moment: the JSON of a list of Chrome trace events. Empty: of most
  /// runs that is not kept.
  std::string lanes{};
};

/// A run that was planned and has no figures.
struct MissingRun {
  std::size_t target = 0;
  std::size_t level = 0;
  unsigned repeat = 0;
  std::string reason;  ///< one line
};

/// Which CPUs ran what. Equal lists: everything shared the same ones.
struct Placement {
  std::vector<int> server;
  std::vector<int> client_and_backend;

  bool shared() const { return server == client_and_backend; }
  bool operator==(const Placement&) const = default;
};

/// All that an experiment found. A plain value, without the ways it was found.
struct ExperimentResult {
  std::string name;
  std::string title;
  std::string question;
  std::string file;        ///< path of the experiment file
  std::string content;     ///< its text
  std::string requests;    ///< text of the load's `targets_file`; empty without one
  bool quick = false;      ///< made with the file's shorter plan
  std::string version;     ///< of waitlab
  std::string started_at;  ///< wall clock, UTC, ISO 8601

  std::vector<ExperimentTarget> targets;
  ExperimentLoad load;
  std::vector<std::string> thresholds{};  ///< that each run was held against: "p99<200ms"; may be empty
  unsigned repeats = 1;
  RunOrder order;
  std::vector<std::string> backend;  ///< "key=value" words of what the servers waited for

  Machine machine;
  Placement placement;
  std::vector<ExperimentRun> runs;  ///< in the order they were made; one made again has the first one's place
  std::vector<MissingRun> missing;
  unsigned made_again = 0;  ///< runs that took the place of one that was not valid
  bool interrupted = false;
};

}  // namespace waitlab::client
