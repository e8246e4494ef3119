#include "client/record/step_table.hpp"

#include "client/record/time_text.hpp"
#include "client/record/validity.hpp"
#include "client/record/wrap.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace waitlab::client {
namespace {

std::string offered(const StepResult& step) {
  if (step.from_rate == step.to_rate) return fmt::format("{:g}/s", step.from_rate);
  return fmt::format("{:g}-{:g}/s", step.from_rate, step.to_rate);
}

/// What speaks against the step, judged as a run of its own.
std::vector<std::string> troubles(const LoadResult& whole, const StepResult& step) {
  LoadResult run;
  run.record = step.record;
  run.threads = whole.threads;
  run.connections = whole.connections;
  run.offered_rate = step.offered_rate();
  run.window = step.window;
  return judge(run);
}

std::string row(std::size_t number, const StepResult& step, bool marked) {
  const LoadRecord& record = step.record;
  const TimeSummary times = summarize(record.response_time);
  return fmt::format("{:>4}{:>13}{:>11}{:>10}{:>10}{:>10}{:>8}{:>11}{}\n", number, offered(step),
                     fmt::format("{:.1f}/s", step.achieved_rate()), short_time(times.p50), short_time(times.p90),
                     short_time(times.p99), record.error_count(), short_time(percentile(record.schedule_lag, 0.99)),
                     marked ? " !" : "");
}

}  // namespace

std::string step_table(const LoadResult& result) {
  if (result.steps.empty()) return "";
  std::string table = fmt::format("{:>4}{:>13}{:>11}{:>10}{:>10}{:>10}{:>8}{:>11}\n", "Step", "offered", "achieved",
                                  "p50", "p90", "p99", "errors", "lag p99");
  std::string notes;
  for (std::size_t i = 0; i < result.steps.size(); ++i) {
    const auto found = troubles(result, result.steps[i]);
    table += row(i + 1, result.steps[i], !found.empty());
    if (!found.empty())
      notes += wrap(fmt::format("  ! step {}: {}", i + 1, fmt::join(found, "; ")), terminal_columns, 4);
  }
  return table + notes;
}

}  // namespace waitlab::client
