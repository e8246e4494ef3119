#pragma once

#include "client/engine/feed.hpp"
#include "client/engine/first_contact.hpp"
#include "client/engine/load_loop.hpp"
#include "client/engine/load_progress.hpp"
#include "client/engine/load_run.hpp"
#include "client/engine/target.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace waitlab::client {

using Loops = std::vector<std::unique_ptr<LoadLoop>>;

// What follows from the options, which must be such as `check_options` accepts.

/// Connections at most, of all shards: of a closed loop all, of an open one the cap.
unsigned most_connections(const LoadOptions& options);

/// Threads of all shards, whose numbers its requests take in turn.
unsigned threads_of_all(const LoadOptions& options);

/// Connections at most of this shard.
unsigned most_connections_here(const LoadOptions& options);

/// Requests that this shard of a closed loop is to send, if a number was asked for.
std::optional<std::uint64_t> requests_here(const LoadOptions& options);

/// The rate of an open loop over time, warm-up included.
std::optional<RateCurve> rate_curve(const LoadOptions& options);

/// The time during which requests will start after the warm-up, if it is known: in an open loop a number of requests
/// determines it as well.
std::optional<std::chrono::nanoseconds> planned_window(const LoadOptions& options);

/// Mean offered rate of all shards after the warm-up, per second; nothing for a closed loop.
std::optional<double> mean_rate(const LoadOptions& options);

/// The moments of a run whose first request may start at that one.
Timeline make_timeline(const LoadOptions& options, Clock::time_point start);

/// Where a run stands at a moment by its plan; what was seen of it is left 0.
LoadProgress planned_progress(const LoadOptions& options, const Timeline& timeline, Clock::time_point now);

/// The requests that a thread of this shard sends, and when.
std::unique_ptr<Feed> make_feed(const LoadOptions& options, const Timeline& timeline, unsigned thread);

/// An empty tally of an open loop's sends; nothing for a closed one.
std::optional<ArrivalTally> make_tally(const LoadOptions& options);

/// What each thread needs to know but the moments. Making room for all that will be recorded takes tens of
/// milliseconds, so it comes before the timeline. `tls` is null for plain text, and must outlive the loops. The first
/// thread, which sends the first request, has the first contact's connection.
std::vector<LoopPlan> make_plans(const LoadOptions& options, const Target& target, FirstContact contact,
                                 const TlsContext* tls);

/// A loop for each thread, ready to run.
Loops make_loops(const LoadOptions& options, std::vector<LoopPlan> plans, const Timeline& timeline);

}  // namespace waitlab::client
