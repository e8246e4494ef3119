#include "client/check/free_laws.hpp"

#include "client/check/stays.hpp"
#include "client/stats/time_summary.hpp"

#include <array>
#include <utility>

namespace waitlab::client {
namespace {

constexpr double little_way_share = 0.02;

/// Of the client's sum: with more allowed for the way, hardly any measured figure would differ.
constexpr double most_for_the_way = 0.5;

}  // namespace

Finding check_little(const LoadResult& load, const RunLogs& logs, const Conditions& conditions) {
  Finding finding{.law = "Little", .figure = "mean in flight"};
  const std::vector<Stay> stays = logs.measured_stays();
  if (stays.empty()) return judged(finding, "it needs the server's request log");
  const InFlight seen = in_flight(stays);
  const HdrHistogram& service = load.record.service_time.values;
  const double request_seconds = static_cast<double>(service.count()) * service.mean_ns() / 1e9;
  const double way = static_cast<double>(service.count()) * way_seconds + little_way_share * request_seconds;
  finding.predicted = request_seconds / seen.span.count();
  finding.measured = seen.mean;
  finding.tolerance =
      Band{.low = (request_seconds - way) / seen.span.count(), .high = *finding.predicted * (1 + bucket_share)};
  auto why_not = broken({&conditions.complete});
  if (!why_not && way > most_for_the_way * request_seconds)
    why_not = "requests are so short that the 1 ms allowed for the way there and back could hide anything";
  return judged(finding, why_not);
}

namespace {

using std::chrono::nanoseconds;

constexpr const char* free_law = "M/G/inf";
constexpr double free_way_share = 0.01;
constexpr std::array<std::pair<const char*, double>, 3> quantiles{
    {{"p50 response", 0.5}, {"p90 response", 0.9}, {"p99 response", 0.99}}};

std::vector<Finding> percentiles(const LoadResult& load, const RunLogs& logs,
                                 const std::optional<std::string>& why_not) {
  std::vector<double> holds = seconds_of(logs.measured_holds());
  std::vector<Finding> findings;
  for (const auto& [name, share] : quantiles) {
    const TimeFigure response = percentile(load.record.response_time, share);
    if (!response.value) continue;
    const double hold = quantile(holds, share);
    findings.push_back(
        judged({.law = free_law,
                .figure = name,
                .unit = FigureUnit::seconds,
                .predicted = hold,
                .measured = Seconds(*response.value).count(),
                .tolerance = Band{.low = hold * (1 - bucket_share), .high = hold * (1 + free_way_share) + way_seconds}},
               why_not));
  }
  return findings;
}

Finding mean_number(const InFlight& seen, std::size_t requests, Seconds mean_hold,
                    const std::optional<std::string>& why_not) {
  const double rate = static_cast<double>(requests) / seen.span.count();
  const double predicted = rate * mean_hold.count();
  return judged({.law = free_law,
                 .figure = "mean in flight",
                 .predicted = predicted,
                 .measured = seen.mean,
                 .tolerance = Band{.low = predicted * (1 - bucket_share),
                                   .high = predicted * (1 + free_way_share) + rate * way_seconds}},
                why_not);
}

Finding dispersion(const InFlight& seen, const RunLogs& logs, const std::optional<std::string>& why_not,
                   const SimulationPlan& plan) {
  Finding finding{.law = free_law, .figure = "dispersion in flight", .predicted = 1, .measured = seen.dispersion};
  if (why_not) return judged(finding, why_not);
  FigureSample simulated;
  simulate_runs({.requests = logs.requests.size(), .rate = logs.rate(), .threads = 0, .holds = logs.holds()}, plan,
                [&](const std::vector<Stay>& run) { simulated.push_back(in_flight(run).dispersion); });
  finding.tolerance = joint_bands({simulated}, plan.share).front();
  return judged(finding, std::nullopt);
}

}  // namespace

std::vector<Finding> check_free(const LoadResult& load, const RunLogs& logs, const Conditions& conditions,
                                const SimulationPlan& plan) {
  if (logs.measured_holds().empty()) {
    return {judged({.law = free_law, .figure = "response = hold"},
                   logs.holds().empty() ? "it needs the backend's hold log"
                                        : "the backend's hold log has none of the measured requests")};
  }
  const auto why_not =
      broken({&conditions.valid, &conditions.complete, &conditions.connections, &conditions.backend_uncapped});
  std::vector<Finding> findings = percentiles(load, logs, why_not);
  const std::vector<Stay> stays = logs.stays();
  if (stays.empty()) {
    findings.push_back(judged({.law = free_law, .figure = "mean in flight"}, "it needs the server's request log"));
    return findings;
  }
  const InFlight seen = in_flight(stays);
  findings.push_back(mean_number(seen, stays.size(), Seconds(mean(seconds_of(logs.holds()))), why_not));
  const auto no_poisson =
      why_not ? why_not : broken({&conditions.poisson, &conditions.alone, &conditions.one_strategy});
  findings.push_back(dispersion(seen, logs, no_poisson, plan));
  return findings;
}

}  // namespace waitlab::client
