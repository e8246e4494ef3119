#include "client/format/step_table.hpp"

#include "client/judge/validity.hpp"
#include "client/stats/time_text.hpp"

#include <fmt/format.h>

namespace waitlab::client {
namespace {

std::string offered(const StepResult& step) {
  if (step.from_rate == step.to_rate) return fmt::format("{:g}/s", step.from_rate);
  return fmt::format("{:g}-{:g}/s", step.from_rate, step.to_rate);
}

std::string row(std::size_t number, const StepResult& step, const char* mark) {
  const LoadRecord& record = step.record;
  const TimeSummary times = summarize(record.response_time);
  return fmt::format("{:>4}{:>13}{:>11}{:>10}{:>10}{:>10}{:>8}{:>11}{}\n", number, offered(step),
                     fmt::format("{:.1f}/s", step.achieved_rate()), short_time(times.p50), short_time(times.p90),
                     short_time(times.p99), record.error_count(), short_time(percentile(record.schedule_lag, 0.99)),
                     mark);
}

}  // namespace

std::string step_table(const LoadResult& result) {
  if (result.steps.empty()) return "";
  std::string table = fmt::format("{:>4}{:>13}{:>11}{:>10}{:>10}{:>10}{:>8}{:>11}\n", "Step", "offered", "achieved",
                                  "p50", "p90", "p99", "errors", "lag p99");
  bool all_valid = true;
  for (std::size_t i = 0; i < result.steps.size(); ++i) {
    const bool step_valid = judge_step(result, i).empty();
    table += row(i + 1, result.steps[i], step_valid ? "" : " !");
    all_valid = all_valid && step_valid;
  }
  return all_valid ? table : table + "  !: not valid\n";
}

}  // namespace waitlab::client
