#include "server/admin/trace_recording.hpp"

#include "server/http/answer.hpp"
#include "server/http/parameters.hpp"
#include "server/telemetry/views.hpp"

#include <algorithm>
#include <chrono>
#include <vector>

namespace waitlab::server {

namespace {

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

constexpr double default_seconds = 2;

constexpr std::uint32_t least_spans = 10;

/// How often it looks whether the trace is full or the listener closes.
constexpr std::chrono::milliseconds look{20};

/// How long a trace is to be, and how many spans it has room for.
struct Wanted {
  Clock::duration time;
  std::size_t spans;
};

Result<Wanted> wanted_by(const Request& request) {
  const auto parameters = Parameters::parse(request.target, {"seconds", "spans"});
  if (!parameters) return parameters.error();
  const auto seconds = parameters->number("seconds", 0.1, 10);
  if (!seconds) return seconds.error();
  const auto spans = parameters->integer("spans", least_spans, Tracer::most_spans);
  if (!spans) return spans.error();
  const Seconds time(seconds->value_or(default_seconds));
  return Wanted{std::chrono::duration_cast<Clock::duration>(time), spans->value_or(Tracer::most_spans)};
}

}  // namespace

Task<void> TraceRecording::handle(Io& io, Exchange& exchange) {
  const auto wanted = wanted_by(exchange.request);
  if (!wanted) {
    set_problem(exchange.response, 400, wanted.error().message);
    co_return;
  }
  Tracer& tracer = telemetries_.tracer();
  if (!tracer.start(wanted->spans)) {
    set_problem(exchange.response, 409, "a trace is being recorded already; ask again once it has ended");
    co_return;
  }
  const auto end = Clock::now() + wanted->time;
  while (Clock::now() < end && !closing_ && !tracer.full() && !exchange.abandoned) {
    auto sleeping = io.sleep_until(std::min(end, Clock::now() + look), exchange.client);
    exchange.abandoned = !co_await sleeping;
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
