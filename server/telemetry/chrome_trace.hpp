#pragma once

#include "server/counts/tracer.hpp"

#include <string>

namespace waitlab::server {

/// A trace in Chrome's trace event format (a JSON object), for ui.perfetto.dev and chrome://tracing. Each strategy is a
/// process in it. Each of its threads is a thread with complete events ("X"), which do not overlap; where there is none
/// the thread is idle. Each request is an asynchronous event ("b" and "e") around those of what it did. Times are in
/// microseconds from the trace's beginning. `otherData` tells how long it is, whether it is full, and how many spans it
/// has and lacks. A span takes some 250 bytes, and each request as many.
std::string chrome_trace(const Trace& trace);

}  // namespace waitlab::server
