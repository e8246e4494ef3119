#pragma once

#include "client/engine/load_progress.hpp"
#include "client/engine/request_template.hpp"
#include "client/record/arrival_fit.hpp"
#include "client/record/load_result.hpp"
#include "client/record/request_row.hpp"
#include "client/record/slice.hpp"
#include "client/schedule/arrivals.hpp"
#include "client/schedule/rate_curve.hpp"
#include "common/result.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace waitlab::client {

/// What the user wants of a response; what it lacks makes it an error, counted by kind.
struct Expectations {
  std::vector<std::string> statuses;  ///< "200", "2xx"; any of them will do. Empty: below 400
  std::string body;                   ///< text that the body must hold; empty: any
};

/// How an https server is trusted.
struct TlsOptions {
  bool insecure = false;  ///< any certificate will do
  std::string ca_file;    ///< PEM; empty: the certificates this system trusts
};

/// The part of a load that one process makes of it where several make it together: request for request and connection
/// for connection, all shards together are what one process would have made.
struct Shard {
  unsigned index = 0;
  unsigned count = 1;  ///< at least 1
};

/// What load to put on which server: the whole of it, whatever the shard.
struct LoadOptions {
  std::string url;
  std::string method = "GET";
  HeaderFields headers;  ///< added; Host, User-Agent given here replace ours
  std::string body;
  std::vector<RequestTemplate> targets;  ///< a mix instead of the one request; the URL's path stands for no path
  bool keep_alive = true;                ///< false: a connection for each request, whatever the headers say
  Expectations expect;
  TlsOptions tls;

  std::optional<double> rate;      ///< requests per second of an open loop; without it the loop is closed
  std::vector<RateSegment> steps;  ///< an open loop whose rate changes, instead of `rate` and `duration`
  ArrivalKind arrivals = ArrivalKind::constant;
  unsigned connections = 10;        ///< of a closed loop
  unsigned max_connections = 4096;  ///< cap of an open loop

  /// What ends the run: a duration, a number of requests, or whichever comes first. Without both: 10 s.
  std::optional<std::chrono::nanoseconds> duration;
  std::optional<std::uint64_t> requests;
  std::chrono::nanoseconds warmup{0};  ///< comes before; its requests run but are not recorded

  std::chrono::nanoseconds timeout = std::chrono::seconds(2);  ///< from the intended start to the end of the response
  unsigned threads = 1;
  std::uint64_t seed = 1;  ///< of the arrivals, the mix and the request ids

  Shard shard;            ///< what of it is made here; the threads are its own, all else is the whole's
  std::vector<int> cpus;  ///< CPUs the load threads may use; empty: all
  std::string command;    ///< copied into the result

  /// Called before the load if a detour lies on the way to the server, with what to tell of it (detour.hpp).
  std::function<void(const std::string&)> on_detour;
  /// Called where several make the load: what befalls them, for people, a line at a time.
  std::function<void(const std::string&)> on_news;
  /// Called once when all is ready: says when the first request may start, or nothing to give the run up. Without it:
  /// at once.
  std::function<std::optional<std::chrono::steady_clock::time_point>()> agree_on_start;
  /// Called once before the load with the wall clock's time of the end of the warm-up.
  std::function<void(std::chrono::system_clock::time_point)> on_begin;
  // These are called on the calling thread while the load runs, and a last time when it is over.
  std::function<void(const LoadProgress&)> on_progress;      ///< about 5 times a second
  std::function<bool(const LoadProgress&)> abort_when;       ///< asked as often; true ends the run: `aborted`
  std::function<void(const Slice&)> on_slice;                ///< each thread's slices, as they are over
  std::function<void(std::span<const RequestRow>)> on_rows;  ///< every measured request, if anyone wants them
  std::function<void(const ArrivalTally&)> on_arrivals;      ///< once, of an open loop: how its requests were spaced
  std::stop_token stop;  ///< cuts the run: what is in flight is left unfinished and the result is not valid

  bool open_loop() const { return rate.has_value() || !steps.empty(); }
};

/// Says what is wrong with the options, if anything is: usage errors, found without touching the network.
Result<void> check_options(const LoadOptions& options);

/// Puts the load, or this shard of it, on the server and returns what was seen. Blocks until the run is over: warm-up,
/// window, and at most one time-out of drain. Failure when the run could not begin: options that `check_options`
/// refuses, an unknown host, a server that does not accept the first connection. Errors during the run are in the
/// result.
Result<LoadResult> run_load(const LoadOptions& options);

}  // namespace waitlab::client
