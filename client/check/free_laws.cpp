#include "client/check/free_laws.hpp"

#include "client/check/in_flight.hpp"
#include "client/check/sample.hpp"
#include "client/check/tolerance.hpp"
#include "client/stats/time_summary.hpp"

#include <array>
#include <utility>

namespace waitlab::client {
namespace {

using std::chrono::nanoseconds;

constexpr const char* law = "M/G/inf";
constexpr double way_share = 0.01;
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
        judged({.law = law,
                .figure = name,
                .unit = FigureUnit::seconds,
                .predicted = hold,
                .measured = Seconds(*response.value).count(),
                .tolerance = Band{.low = hold * (1 - bucket_share), .high = hold * (1 + way_share) + way_seconds}},
               why_not));
  }
  return findings;
}

Finding mean_number(const InFlight& seen, std::size_t requests, Seconds mean_hold,
                    const std::optional<std::string>& why_not) {
  const double rate = static_cast<double>(requests) / seen.span.count();
  const double predicted = rate * mean_hold.count();
  return judged({.law = law,
                 .figure = "mean in flight",
                 .predicted = predicted,
                 .measured = seen.mean,
                 .tolerance = Band{.low = predicted * (1 - bucket_share),
                                   .high = predicted * (1 + way_share) + rate * way_seconds}},
                why_not);
}

Finding dispersion(const InFlight& seen, const RunLogs& logs, const std::optional<std::string>& why_not,
                   const SimulationPlan& plan) {
  Finding finding{.law = law, .figure = "dispersion in flight", .predicted = 1, .measured = seen.dispersion};
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
    return {judged({.law = law, .figure = "response = hold"},
                   logs.holds().empty() ? "it needs the backend's hold log"
                                        : "the backend's hold log has none of the measured requests")};
  }
  const auto why_not =
      broken({&conditions.valid, &conditions.complete, &conditions.connections, &conditions.backend_uncapped});
  std::vector<Finding> findings = percentiles(load, logs, why_not);
  const std::vector<Stay> stays = logs.stays();
  if (stays.empty()) {
    findings.push_back(judged({.law = law, .figure = "mean in flight"}, "it needs the server's request log"));
    return findings;
  }
  const InFlight seen = in_flight(stays);
  findings.push_back(mean_number(seen, stays.size(), Seconds(mean(seconds_of(logs.holds()))), why_not));
  const auto no_poisson = why_not ? why_not : broken({&conditions.poisson, &conditions.alone});
  findings.push_back(dispersion(seen, logs, no_poisson, plan));
  return findings;
}

}  // namespace waitlab::client
