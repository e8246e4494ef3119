#pragma once

#include "client/engine/load_run.hpp"
#include "client/record/arrival_fit.hpp"
#include "client/record/load_result.hpp"
#include "client/record/request_row.hpp"
#include "client/record/slice.hpp"
#include "common/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// What the collector of a run and its workers say to one another: JSON objects, each with its "type". Clocks are
/// steady ones, in nanoseconds since their origin, each of its own machine.
namespace waitlab::client::fleet {

// What the collector says.

/// To whoever connects: what it has to prove, and who asks.
struct Challenge {
  std::string version;  ///< of waitlab, which has to be the worker's too
  std::string nonce;
};

/// Instead of a welcome, or whenever the worker has no part in what comes. The connection ends.
struct Refusal {
  std::string why;
};

/// The worker has a place.
struct Welcome {
  unsigned place = 0;
  unsigned places = 1;
};

/// To be answered at once by a `Pong`: for the clocks, and so that each side hears of the other.
struct Ping {
  std::uint64_t sent = 0;  ///< by the collector's clock
};

/// To make ready for this shard of a load. Its callbacks and its `stop` do not travel, nor do `cpus`.
struct Order {
  LoadOptions load;
  bool rows = false;  ///< whether every measured request is wanted
};

/// To start, at a moment of the worker's own clock.
struct Start {
  std::uint64_t at = 0;
};

/// To end the run now, and to tell what there is.
struct Stop {};

/// There is nothing more to do.
struct Bye {};

// What a worker says.

/// Who it is.
struct Registration {
  std::string name;
  std::string version;
  std::string proof;  ///< admission.hpp
  unsigned cpus = 0;  ///< that it may use
};

struct Pong {
  std::uint64_t sent = 0;    ///< that of the ping
  std::uint64_t answer = 0;  ///< by the worker's clock
};

/// It has met the server and has all it needs to start.
struct Ready {};

/// The load cannot begin here.
struct CannotRun {
  std::string why;
};

/// It was told to start. If it was too late for that, it does not.
struct Started {
  std::uint64_t late_ns = 0;  ///< 0: in time
};

/// What it has done so far, warm-up included, as in `LoadProgress`.
struct Progress {
  std::uint64_t sent = 0;
  std::uint64_t completed = 0;
  std::uint64_t errors = 0;
  std::uint64_t in_flight = 0;
};

struct Slices {
  std::vector<Slice> slices;
};

struct Rows {
  std::vector<RequestRow> rows;
};

/// Its part of the run is over.
struct Outcome {
  LoadResult result;
  std::optional<ArrivalTally::Sums> arrivals;  ///< of an open loop
};

using FromCollector = std::variant<Challenge, Refusal, Welcome, Ping, Order, Start, Stop, Bye>;
using FromWorker = std::variant<Registration, Pong, Ready, CannotRun, Started, Progress, Slices, Rows, Outcome>;

std::string encode(const FromCollector& message);
std::string encode(const FromWorker& message);

/// Failure: what is wrong with the text.
Result<FromCollector> decode_from_collector(const std::string& text);
Result<FromWorker> decode_from_worker(const std::string& text);

}  // namespace waitlab::client::fleet
