#include "client/judge/validity.hpp"

#include "client/stats/time_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

constexpr nanoseconds lag_limit = 10ms;
constexpr double busy_limit = 0.97;
constexpr double own_doing = 0.5;      // of a CPU: less busy a client is not late by its own work
constexpr nanoseconds busy_span = 1s;  // a shorter one says little

void judge_cpu_loss(const CpuLoss& loss, std::vector<std::string>& reasons) {
  if (loss.stolen.value_or(0) > most_cpu_loss) {
    reasons.push_back(fmt::format(
        "other virtual machines took {:.0f} % of the CPU time that was wanted (steal; limit {:.0f} %): run it on a "
        "quieter machine",
        100 * *loss.stolen, 100 * most_cpu_loss));
  }
  if (loss.throttled.value_or(0) > most_cpu_loss) {
    reasons.push_back(
        fmt::format("the CPU quota of the client's control group, which all that was started in it shares, was used "
                    "up in {:.0f} % of its periods (limit {:.0f} %): raise it, or lower the rate",
                    100 * *loss.throttled, 100 * most_cpu_loss));
  }
}

double busiest(const LoadResult& result) {
  double busy = 0;
  for (const LoadThreadUsage& thread : result.load_threads) {
    if (thread.span >= busy_span) busy = std::max(busy, thread.cpu_share);
  }
  return busy;
}

/// What to do about a client that did not send when it should have.
std::string advice(double busy) {
  if (busy == 0 || busy >= own_doing) return "give it more threads or a core of its own, or lower the rate";
  return "something else had the CPU; close other programs, or give the client a core of its own, and run it again";
}

/// What the client did wrong in the part of the load that the record is of; `where` begins the sentence.
void judge_client(const LoadResult& result, const LoadRecord& record, const std::string& where,
                  std::vector<std::string>& reasons) {
  const HdrHistogram& lag = record.schedule_lag;
  if (record.waited_for_connection > 0) {
    reasons.push_back(
        fmt::format("{}all {}{} connections were busy and {} requests had to wait inside the client: raise "
                    "--max-connections or lower the rate",
                    where, result.threads > 1 ? "of a load thread's share of the " : "", result.connections,
                    record.waited_for_connection));
  } else if (lag.count() > 0 && lag.value_at(0.99) > lag_limit) {
    const double busy = busiest(result);
    reasons.push_back(fmt::format(
        "{}the client itself was late (schedule lag p99 {}, limit {}{}): {}", where, short_time(lag.value_at(0.99)),
        short_time(lag_limit), busy > 0 ? fmt::format("; its busiest thread used {:.0f} % of a CPU", 100 * busy) : "",
        advice(busy)));
  }
}

}  // namespace

std::vector<std::string> judge_step(const LoadResult& result, std::size_t index) {
  const StepResult& step = result.steps.at(index);
  std::vector<std::string> reasons;
  judge_client(result, step.record, fmt::format("step {} ({:g}/s): ", index + 1, step.offered_rate()), reasons);
  return reasons;
}

std::vector<std::string> judge(const LoadResult& result) {
  const RequestCounts& requests = result.record.requests;
  std::vector<std::string> reasons;
  if (result.interrupted) reasons.emplace_back("the run was interrupted before its end");
  if (requests.sent != requests.ended()) {
    reasons.push_back(fmt::format("the account does not add up: {} requests were sent and {} ended; please report it",
                                  requests.sent, requests.ended()));
  }
  if (requests.completed + requests.timed_out == 0) reasons.emplace_back("no request completed");
  judge_cpu_loss(result.cpu_loss, reasons);
  if (result.steps.empty()) judge_client(result, result.record, "", reasons);
  for (std::size_t i = 0; i < result.steps.size(); ++i) {
    const std::vector<std::string> of_step = judge_step(result, i);
    reasons.insert(reasons.end(), of_step.begin(), of_step.end());
  }
  const bool explained = !reasons.empty();  // why they do not fit
  if (!explained && result.arrival_fit && !result.arrival_fit->fits)
    reasons.push_back(fmt::format("{}: {}", result.arrival_fit->why_not, advice(busiest(result))));
  if (!result.offered_rate && busiest(result) >= busy_limit) {
    reasons.push_back(
        fmt::format("the client was the bottleneck: a load thread used {:.0f} % of a CPU, so responses waited for it: "
                    "give it more threads (-t) and cores, or fewer connections",
                    100 * busiest(result)));
  }
  return reasons;
}

}  // namespace waitlab::client
