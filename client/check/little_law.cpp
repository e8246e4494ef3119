#include "client/check/little_law.hpp"

#include "client/check/in_flight.hpp"

namespace waitlab::client {
namespace {

constexpr double way_seconds = 0.001;
constexpr double way_share = 0.02;
constexpr double bucket_share = 0.002;

}  // namespace

Finding check_little(const LoadResult& load, const RunLogs& logs, const Conditions& conditions) {
  Finding finding{.law = "Little", .figure = "mean in flight"};
  const std::vector<Stay> stays = logs.measured_stays();
  if (stays.empty()) return judged(finding, "it needs the server's request log");
  const InFlight seen = in_flight(stays);
  const HdrHistogram& service = load.record.service_time.values;
  const double request_seconds = static_cast<double>(service.count()) * service.mean_ns() / 1e9;
  const double way = static_cast<double>(service.count()) * way_seconds + way_share * request_seconds;
  finding.predicted = request_seconds / seen.span.count();
  finding.measured = seen.mean;
  finding.tolerance =
      Band{.low = (request_seconds - way) / seen.span.count(), .high = *finding.predicted * (1 + bucket_share)};
  return judged(finding, broken({&conditions.complete}));
}

}  // namespace waitlab::client
