#pragma once

#include "client/engine/feed.hpp"
#include "client/engine/first_contact.hpp"
#include "client/engine/load_loop.hpp"
#include "client/engine/load_run.hpp"
#include "client/engine/target.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <vector>

namespace waitlab::client {

using Loops = std::vector<std::unique_ptr<LoadLoop>>;

// What follows from the options, which must be such as `check_options` accepts.

/// Connections at most: of a closed loop all, of an open one the cap.
unsigned most_connections(const LoadOptions& options);

/// The rate of an open loop over time, warm-up included.
std::optional<RateCurve> rate_curve(const LoadOptions& options);

/// The time during which requests will start after the warm-up, if it is known: in an open loop a number of requests
/// determines it as well.
std::optional<std::chrono::nanoseconds> planned_window(const LoadOptions& options);

/// Mean offered rate after the warm-up, per second; nothing for a closed loop.
std::optional<double> mean_rate(const LoadOptions& options);

/// The moments of a run that begins now, give or take the time its threads need to get up.
Timeline make_timeline(const LoadOptions& options);

/// What each thread needs to know but the moments. Making room for all that will be recorded takes tens of
/// milliseconds, so it comes before the timeline. `tls` is null for plain text, and must outlive the loops. The first
/// thread, which sends the first request, has the first contact's connection.
std::vector<LoopPlan> make_plans(const LoadOptions& options, const Target& target, FirstContact contact,
                                 const TlsContext* tls);

/// A loop for each thread, ready to run.
Loops make_loops(const LoadOptions& options, std::vector<LoopPlan> plans, const Timeline& timeline);

}  // namespace waitlab::client
