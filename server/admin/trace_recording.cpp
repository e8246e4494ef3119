#include "server/admin/trace_recording.hpp"

#include "server/activity/chrome_trace.hpp"
#include "server/http/answer.hpp"
#include "server/http/parameters.hpp"

#include <algorithm>
#include <chrono>
#include <vector>

namespace waitlab::server {

namespace {

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

constexpr double default_seconds = 2;

/// How often it looks whether the listener closes.
constexpr std::chrono::milliseconds look{100};

}  // namespace

Task<void> TraceRecording::handle(LoopIo& io, Exchange& exchange) {
  const auto parameters = Parameters::parse(exchange.request.target, {"seconds"});
  const auto seconds = parameters ? parameters->number("seconds", 0.1, 10) : parameters.error();
  if (!seconds) {
    set_problem(exchange.response, 400, seconds.error().message);
    co_return;
  }
  if (!telemetries_.tracer().start()) {
    set_problem(exchange.response, 409, "a trace is being recorded already; ask again once it has ended");
    co_return;
  }
  const auto end =
      Clock::now() + std::chrono::duration_cast<Clock::duration>(Seconds(seconds->value_or(default_seconds)));
  while (Clock::now() < end && !closing_) {
    auto sleeping = io.sleep_until(std::min(end, Clock::now() + look));
    co_await sleeping;
  }
  exchange.response.content_type = "application/json";
  exchange.response.fields = "Content-Disposition: attachment; filename=\"waitlab-trace.json\"\r\n";
  exchange.response.body = chrome_trace(stop());
}

Trace TraceRecording::stop() {
  std::vector<const Tracks*> groups;
  for (const Telemetry* strategy : telemetries_.all()) {
    groups.push_back(&strategy->threads);
    groups.push_back(&strategy->requests);
  }
  return telemetries_.tracer().stop(groups);
}

}  // namespace waitlab::server
