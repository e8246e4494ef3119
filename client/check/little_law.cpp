#include "client/check/little_law.hpp"

#include "client/check/in_flight.hpp"
#include "client/check/tolerance.hpp"

namespace waitlab::client {
namespace {

constexpr double way_share = 0.02;

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
  const double way = static_cast<double>(service.count()) * way_seconds + way_share * request_seconds;
  finding.predicted = request_seconds / seen.span.count();
  finding.measured = seen.mean;
  finding.tolerance =
      Band{.low = (request_seconds - way) / seen.span.count(), .high = *finding.predicted * (1 + bucket_share)};
  auto why_not = broken({&conditions.complete});
  if (!why_not && way > most_for_the_way * request_seconds)
    why_not = "requests are so short that the 1 ms allowed for the way there and back could hide anything";
  return judged(finding, why_not);
}

}  // namespace waitlab::client
