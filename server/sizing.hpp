#pragma once

#include "common/process/resource_limits.hpp"
#include "server/config.hpp"

#include <string>
#include <vector>

namespace waitlab::server {

/// The config with a number in the place of each `auto`:
///
/// - `strategies.fixed-pool.threads`: 8 for each CPU, which by Goetz' rule, CPUs x (1 + waiting / computing), is
///   right for requests that wait seven times as long as they compute; no figure is right for all
/// - `strategies.fixed-pool.core_threads`: 10, as Tomcat has, or as many as the pool may have
/// - `max_threads` of thread-per-request and thread-per-connection: 4096, or as many as the limits leave
/// - `strategies.event-loop-per-core.loops`: one for each CPU
/// - `strategies.event-loop-with-pool.threads`: 4, as libuv has
/// - `strategies.process-per-request.max_processes`: 1024, or as many as the limits leave
/// - `limits.max_connections`: 16384, or as many as there are descriptors for
ServerConfig sized_for(const ResourceLimits& limits, ServerConfig config);

/// A sentence for each size, of those in force with this strategy, that can't be reached, and the limit that stands in
/// the way. The config must be sized.
std::vector<std::string> unreachable_sizes(const ResourceLimits& limits, const ServerConfig& config);

}  // namespace waitlab::server
