#include "client/record/validity.hpp"

#include "common/config/units.hpp"

#include <fmt/format.h>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::nanoseconds lag_limit = 10ms;

std::chrono::nanoseconds in_whole_microseconds(std::chrono::nanoseconds time) {
  return std::chrono::floor<std::chrono::microseconds>(time);
}

}  // namespace

std::vector<std::string> judge(const LoadResult& result) {
  const LoadRecord& record = result.record;
  std::vector<std::string> reasons;
  if (result.interrupted) reasons.push_back("the run was interrupted before its end");
  if (record.requests.sent != record.requests.ended()) {
    reasons.push_back(fmt::format("the account does not add up: {} requests were sent and {} ended; please report it",
                                  record.requests.sent, record.requests.ended()));
  }
  if (record.requests.completed == 0) reasons.push_back("no request completed");
  if (record.waited_for_connection > 0) {
    reasons.push_back(
        fmt::format("all {} connections were busy and {} requests had to wait inside the client: raise "
                    "--max-connections or lower the rate",
                    result.connections, record.waited_for_connection));
  } else if (record.schedule_lag.count() > 0 && record.schedule_lag.value_at(0.99) > lag_limit) {
    reasons.push_back(fmt::format(
        "the client itself was late (schedule lag p99 {}, limit {}): give it more threads or a core of "
        "its own, or lower the rate",
        format_duration(in_whole_microseconds(record.schedule_lag.value_at(0.99))), format_duration(lag_limit)));
  }
  return reasons;
}

}  // namespace waitlab::client
