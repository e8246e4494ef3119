#include "client/check/conditions.hpp"

#include "client/check/stays.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace waitlab::client {
namespace {

/// Handing a request to a free slot takes the backend less.
constexpr std::chrono::nanoseconds no_queue = std::chrono::milliseconds(1);

Condition valid(const LoadResult& load) {
  if (load.valid()) return {"the run is valid", true};
  return {"the run is INVALID: " + load.invalid_because.front(), false};
}

Condition complete(const LoadResult& load, const RunLogs& logs) {
  const RequestCounts& counts = load.record.requests;
  if (counts.completed != counts.sent) {
    return {fmt::format("{} of {} requests did not complete", counts.sent - counts.completed, counts.sent), false};
  }
  if (!logs.of_others.empty()) {
    return {fmt::format("none of this run's requests are in {}; give the log of this run",
                        fmt::join(logs.of_others, " or ")),
            false};
  }
  if (logs.requests.empty()) return {"no log tells of the requests", std::nullopt};
  std::size_t measured = 0, rejected = 0;
  for (const CheckedRequest& request : logs.requests) {
    measured += request.measured ? 1 : 0;
    rejected += request.served ? 0 : 1;
  }
  if (rejected > 0) return {fmt::format("{} requests were rejected", rejected), false};
  if (measured != counts.sent)
    return {fmt::format("the logs have {} of {} measured requests; of a run that has just ended, try again in a second",
                        measured, counts.sent),
            false};
  if (logs.has_server && logs.has_backend && logs.unmatched > 0)
    return {fmt::format("{} requests are in one log only", logs.unmatched), false};
  return {fmt::format("all {} measured requests completed and are in the logs", counts.sent), true};
}

Condition poisson(const LoadResult& load, const RunLogs& logs) {
  if (!load.offered_rate && load.steps.empty()) return {"the loop is closed: late answers delay arrivals", false};
  if (!load.steps.empty()) return {"the offered rate changes", false};
  if (load.arrivals != "poisson") return {fmt::format("arrivals are {}, not Poisson", load.arrivals), false};
  if (load.arrival_fit && !load.arrival_fit->fits) return {"arrivals: " + load.arrival_fit->why_not, false};
  const auto gaps = logs.gaps();
  if (gaps.empty() && load.arrival_fit) return {"open loop, arrivals Poisson by the client's own test", true};
  if (gaps.empty()) return {"not seen whether arrivals were Poisson", std::nullopt};
  const ExponentialFit fit = fit_exponential(gaps);
  return {fmt::format("open loop, arrivals {}Poisson (KS {:.3f}, limit {:.3f})", fit.fits() ? "" : "not ", fit.distance,
                      fit.limit),
          fit.fits()};
}

Condition connections(const LoadResult& load) {
  const std::uint64_t waited = load.record.waited_for_connection;
  if (waited == 0) return {"no request waited for a connection", true};
  return {fmt::format("{} requests waited for a connection: the cap was reached", waited), false};
}

Condition listen_queue(const LoadResult& load) {
  if (!load.listen_overflows) return {"listen queue: not seen whether it overflowed", std::nullopt};
  if (*load.listen_overflows == 0) return {"no listen queue overflowed", true};
  return {fmt::format("a listen queue overflowed {} times", *load.listen_overflows), false};
}

Condition alone(const RunLogs& logs) {
  if (!logs.has_server || logs.requests.empty())
    return {"not seen whether the server had other requests", std::nullopt};
  if (logs.strangers == 0) return {"the server had no other requests", true};
  return {fmt::format("the server had {} other requests meanwhile", logs.strangers), false};
}

/// What is held against theory is one way of waiting.
Condition one_strategy(const RunLogs& logs) {
  if (!logs.has_server || logs.requests.empty()) return {"not seen whether one strategy served the run", std::nullopt};
  if (!logs.switched) return {"one strategy served the run", true};
  return {"the server's strategy was switched during the run", false};
}

Condition backend_uncapped(const RunLogs& logs) {
  if (!logs.has_backend || !logs.has_holds()) return {"not seen whether requests queued in the backend", std::nullopt};
  if (logs.longest_backend_queue <= no_queue) return {"no request queued in the backend", true};
  return {fmt::format("requests queued in the backend, up to {:.0f} ms: the queue is there",
                      Seconds(logs.longest_backend_queue).count() * 1e3),
          false};
}

Condition exponential(const RunLogs& logs) {
  const std::vector<double> holds = seconds_of(logs.thread_holds());
  if (holds.empty()) return {"holds: not seen what law they follow", std::nullopt};
  const ExponentialFit fit = fit_exponential(holds);
  return {fmt::format("holds {}exponential (KS {:.3f}, limit {:.3f}; Cs2 {:.2f})", fit.fits() ? "" : "not ",
                      fit.distance, fit.limit, fit.squared_variation),
          fit.fits()};
}

}  // namespace

std::vector<const Condition*> Conditions::all() const {
  return {&valid, &complete,     &poisson,          &connections, &listen_queue,
          &alone, &one_strategy, &backend_uncapped, &exponential};
}

Conditions find_conditions(const LoadResult& load, const RunLogs& logs) {
  return {.valid = valid(load),
          .complete = complete(load, logs),
          .poisson = poisson(load, logs),
          .connections = connections(load),
          .listen_queue = listen_queue(load),
          .alone = alone(logs),
          .one_strategy = one_strategy(logs),
          .backend_uncapped = backend_uncapped(logs),
          .exponential = exponential(logs)};
}

std::optional<std::string> broken(std::initializer_list<const Condition*> conditions) {
  for (const Condition* condition : conditions) {
    if (condition->met == false) return condition->text;
  }
  return std::nullopt;
}

}  // namespace waitlab::client
