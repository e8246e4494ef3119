#pragma once

#include "client/record/load_result.hpp"
#include "common/process/machine.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace waitlab::client {

/// One server of an experiment, as the experiment file describes it.
struct ExperimentTarget {
  std::string name;
  std::vector<std::string> settings;  ///< the "key=value" words of its `--set`s
  std::optional<unsigned> threads;    ///< how many requests its strategy can hold at once, if its settings say so
};

/// The server process at one moment of a run, seen from outside.
struct ServerSample {
  std::chrono::nanoseconds at{0};  ///< since the sampling began
  std::uint32_t threads = 0;
  std::uint64_t rss_bytes = 0;
  std::chrono::nanoseconds cpu_time{0};  ///< of the whole process since its start
};

/// What the server process used over the measured window, ended threads included and the thread that answers the
/// sampler left out.
struct ServerUsage {
  std::chrono::nanoseconds span{0};  ///< between the two readings of the server's counters
  std::chrono::nanoseconds cpu_time{0};
  std::uint64_t voluntary_switches = 0;
  std::uint64_t involuntary_switches = 0;
  std::uint64_t completed = 0;  ///< requests that the server says it completed
  std::uint64_t rejected = 0;   ///< requests that it turned away
};

/// What was seen of the server during one run.
struct ServerObservation {
  std::uint32_t peak_threads = 0;
  std::uint64_t peak_rss_bytes = 0;
  std::uint64_t peak_in_flight = 0;
  std::uint64_t peak_queued = 0;
  std::optional<ServerUsage> usage;  ///< nothing if the server's counters could not be read at both ends
  std::vector<ServerSample> samples;
};

/// One target under one offered rate, once.
struct ExperimentRun {
  std::size_t target = 0;  ///< index into `targets`
  std::size_t rate = 0;    ///< index into `rates`
  unsigned repeat = 0;     ///< from 0
  std::uint64_t seed = 0;  ///< of the arrivals and request ids: the same for every target
  LoadResult load;
  ServerObservation server;
  std::optional<std::chrono::nanoseconds> mean_hold;  ///< of this run's requests, by the backend's own log
  std::string request_log;                            ///< as `ExperimentResult::hold_log`; empty: none was kept
};

/// A run that was planned and has no figures.
struct MissingRun {
  std::size_t target = 0;
  std::size_t rate = 0;
  unsigned repeat = 0;
  std::string reason;  ///< one line
};

/// Which CPUs ran what. Equal lists: everything shared the same ones.
struct Placement {
  std::vector<int> server;
  std::vector<int> client_and_backend;

  bool shared() const { return server == client_and_backend; }
};

/// All that an experiment found. A plain value, without the ways it was found.
struct ExperimentResult {
  std::string name;
  std::string title;
  std::string question;
  std::string file;        ///< path of the experiment file
  std::string content;     ///< its text
  std::string version;     ///< of waitlab
  std::string started_at;  ///< wall clock, UTC, ISO 8601

  std::vector<ExperimentTarget> targets;
  std::vector<double> rates;  ///< offered, per second, in the file's order
  unsigned repeats = 1;
  std::string arrivals;  ///< "poisson", "constant"
  std::string path;      ///< what was asked for
  std::chrono::nanoseconds duration{0};
  std::chrono::nanoseconds warmup{0};
  std::chrono::nanoseconds timeout{0};
  std::vector<std::string> backend;  ///< "key=value" words of the backend's profile

  std::string hold_log;  ///< of the backend: a path, from the folder of the results unless absolute

  Machine machine;
  Placement placement;
  std::vector<ExperimentRun> runs;  ///< in the order they were made
  std::vector<MissingRun> missing;
  bool interrupted = false;
};

}  // namespace waitlab::client
