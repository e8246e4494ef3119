#pragma once

#include "client/record/arrival_fit.hpp"
#include "client/record/load_record.hpp"
#include "client/record/slice.hpp"
#include "common/clock/seconds.hpp"
#include "common/process/machine.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace waitlab::client {

/// Whether so many responses in that time make a rate: within a part of a second, a few do not, nor does a moment.
constexpr bool makes_rate(std::uint64_t responses, std::chrono::nanoseconds time) noexcept {
  constexpr std::uint64_t fewest = 10;
  constexpr std::chrono::nanoseconds moment = std::chrono::milliseconds(50);
  return time >= std::chrono::seconds(1) || (responses >= fewest && time >= moment);
}

/// One step of a load whose rate changes, or one tenth of a ramp.
struct StepResult {
  double from_rate = 0;               ///< offered at its begin, per second
  double to_rate = 0;                 ///< and at its end
  std::chrono::nanoseconds begin{0};  ///< since the end of the warm-up
  std::chrono::nanoseconds window{0};
  LoadRecord record;  ///< of the requests whose intended start lies in it

  double offered_rate() const noexcept { return (from_rate + to_rate) / 2; }
  /// Responses that ended inside the step, per second of it.
  double achieved_rate() const noexcept { return per_second(record.completed_in_window, window); }
  bool has_rate() const noexcept { return makes_rate(record.completed_in_window, window); }
};

/// A threshold that was set for a run, and what became of it.
struct ThresholdOutcome {
  std::string text;  ///< as it was given: "p99<200ms"
  bool met = false;
  std::string found;  ///< what was found, for people: "231 ms", "no errors", "too few samples"
};

/// What one load thread cost over the measured window.
struct LoadThreadUsage {
  double cpu_share = 0;              ///< of one CPU, at most 1
  std::chrono::nanoseconds span{0};  ///< over which that was
  std::uint64_t involuntary_switches = 0;
};

/// What a request of a mix was, for the reader of the result.
struct TargetName {
  std::string method;
  std::string path;
};

/// What was kept from programs that wanted a CPU while a run lasted, warm-up included, in [0, 1]. Nothing where the
/// kernel does not say.
struct CpuLoss {
  /// Of the time for which somebody wanted one of this machine's CPUs, or of those the client may use if the server is
  /// elsewhere: what the hypervisor gave to other virtual machines.
  std::optional<double> stolen;
  /// Of the periods of the CPU quota of the client's control group: those in which it was used up.
  std::optional<double> throttled;

  bool empty() const noexcept { return !stolen && !throttled; }
  bool operator==(const CpuLoss&) const = default;
};

struct WorkerPart;

/// How a run was gathered that several workers made together.
struct Gathering {
  unsigned workers = 0;                          ///< that were wanted
  std::chrono::nanoseconds start_spread{0};      ///< the starts of any two lie no further apart, by their clocks
  std::map<std::string, std::uint64_t> refused;  ///< connections to the collector that had no part in it, by why
  std::chrono::nanoseconds cpu_time{0};          ///< that the collector used from the start to the end
  std::chrono::nanoseconds span{0};              ///< from the start to the end
  std::uint64_t bytes_in = 0;                    ///< that came of the workers meanwhile
};

/// What a run of load found. A plain value: copy it, keep it, turn it into JSON (result_json.hpp) or text
/// (result_text.hpp).
struct LoadResult {
  LoadRecord record;

  std::string url;
  std::string method;
  std::string address;  ///< the one address that was loaded: 127.0.0.1:8080
  std::string command;  ///< how the run was asked for, if by a command line
  unsigned threads = 1;
  unsigned connections = 0;            ///< of a closed loop: how many; of an open one: the cap
  std::optional<double> offered_rate;  ///< per second; nothing for a closed loop
  std::chrono::nanoseconds timeout{0};
  std::optional<std::uint64_t> seed;  ///< of the arrivals, the mix and the request ids, by which a waitlab backend
                                      ///< draws its holds; nothing where it is not known, or of runs with several
  std::string arrivals;               ///< "poisson" or "constant"; empty for a closed loop
  std::vector<TargetName> targets;    ///< of a request mix, in the order of `record.targets`; else empty

  std::string started_at;              ///< wall clock, UTC, ISO 8601 with milliseconds
  std::chrono::nanoseconds window{0};  ///< the measured part, without warm-up and drain

  RunSeries timeline;             ///< of a single run; what was merged of several has none
  std::vector<StepResult> steps;  ///< empty unless the rate changes; `record` holds all of them together
  std::vector<ThresholdOutcome> thresholds;
  std::optional<ArrivalFit> arrival_fit;      ///< of an open loop
  std::vector<LoadThreadUsage> load_threads;  ///< those that were at work for long enough to tell
  /// How often a listen queue of this machine overflowed meanwhile; nothing if the server is elsewhere.
  std::optional<std::uint64_t> listen_overflows;
  CpuLoss cpu_loss{};
  std::string detour;  ///< what of a container engine lay on the way to the server, for people; empty: none was seen

  bool interrupted = false;
  bool aborted = false;                        ///< ended early because a threshold was missed
  std::optional<ThresholdOutcome> aborted_by;  ///< that threshold, and what was found when it was believed
  std::vector<std::string> invalid_because;    ///< empty: the run may be trusted
  Machine machine;

  /// Of a run that was repeated, each repeat; all else is then of them together.
  std::vector<LoadResult> repeats{};

  /// Of a run that workers made together, the part of each; all else is then of them together.
  std::vector<WorkerPart> workers;
  std::optional<Gathering> gathering;

  bool valid() const noexcept { return invalid_because.empty(); }
  /// Responses that ended inside the window, per second of it. Those that end in the drain are not counted.
  double achieved_rate() const noexcept { return per_second(record.completed_in_window, window); }
  bool has_rate() const noexcept { return makes_rate(record.completed_in_window, window); }
  /// The same of those that were what was wanted.
  double good_rate() const noexcept {
    return per_second(record.completed_in_window - record.unwanted_in_window, window);
  }
  /// Requests that were due inside the window, per second of it.
  double arrived_rate() const noexcept { return per_second(record.requests.sent, window); }
};

/// How a worker's clock stood against the collector's.
struct WorkerClock {
  std::chrono::nanoseconds offset{0};             ///< the worker's minus the collector's
  std::chrono::nanoseconds uncertainty{0};        ///< it is at most so far from the truth: half the smallest round trip
  std::optional<std::chrono::nanoseconds> drift;  ///< by how much the offset had changed when the run was over,
                                                  ///< where that is more than what is not known of it
};

/// A worker, and its part of a run.
struct WorkerPart {
  std::string name;
  std::string address;
  unsigned cpus = 0;  ///< that it may use
  WorkerClock clock{};

  // What it had told last, warm-up included.
  std::uint64_t sent = 0;
  std::uint64_t completed = 0;
  std::uint64_t errors = 0;
  std::uint64_t in_flight = 0;

  std::string lost_because{};          ///< empty: its result is here
  std::optional<LoadResult> result{};  ///< of its shard of the load
};

/// A result and what it is called by those who look at several: its file.
struct NamedResult {
  std::string name;
  LoadResult result;
  std::string file{};  ///< that it was read from
};

}  // namespace waitlab::client
