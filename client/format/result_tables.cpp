#include "client/format/result_text.hpp"

#include "client/judge/validity.hpp"
#include "client/stats/time_text.hpp"
#include "common/text/wrap.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace waitlab::client {
namespace {

/// One line of the table.
struct Row {
  std::string_view name;
  TimeFigure response;
  TimeFigure service;
};

/// Samples that are worth less than this share of their number are said to be.
constexpr double worth_telling = 0.5;

std::string without_trailing_spaces(std::string line) {
  return line.erase(line.find_last_not_of(' ') + 1) + "\n";
}

std::vector<Row> rows_of(const LoadRecord& record) {
  const TimeSummary response = summarize(record.response_time);
  const TimeSummary service = summarize(record.service_time);
  std::vector<Row> rows{{"min", response.min, service.min}, {"mean", response.mean, service.mean}};
  each_quantile(Room::plenty, [&](const Quantile& quantile, std::size_t i) {
    rows.push_back({quantile.label, response.percentiles[i], service.percentiles[i]});
  });
  rows.push_back({"max", response.max, service.max});
  return rows;
}

std::string line(const Row& row) {
  return without_trailing_spaces(fmt::format("  {:<7}{:>15}{:>18}{:>16}{:>18}", row.name, short_time(row.response),
                                             interval_text(row.response), short_time(row.service),
                                             interval_text(row.service)));
}

bool has_interval(const Row& row) {
  return !interval_text(row.response).empty() || !interval_text(row.service).empty();
}

bool has_open_end(const Row& row) {
  const auto open = [](const TimeFigure& figure) { return figure.low.has_value() != figure.high.has_value(); };
  return open(row.response) || open(row.service);
}

/// The percentile with the smallest effective sample size, if that is much less than the number of requests.
std::string effective_size_text(const CensoredHistogram& times) {
  const EffectiveSamples& worth = times.effective_samples;
  const auto* least = std::min_element(worth.begin(), worth.end());
  const auto count = static_cast<double>(times.values.count());
  if (*least <= 0 || *least > worth_telling * count) return "";
  const auto index = static_cast<std::size_t>(least - worth.begin());
  return fmt::format("  Effective sample size for {}: {:.0f} of {} (neighbours are correlated).\n",
                     shown_quantiles[index].label, std::max(1.0, std::floor(*least)), times.values.count());
}

}  // namespace

std::string times_table(const LoadRecord& record) {
  const std::vector<Row> rows = rows_of(record);
  const char* interval = std::ranges::any_of(rows, has_interval) ? "95 % interval" : "";
  std::string table = without_trailing_spaces(
      fmt::format("  {:<7}{:>15}{:>18}{:>16}{:>18}", "", "response time", interval, "service time", interval));
  for (const Row& row : rows)
    table += line(row);
  table += effective_size_text(record.response_time);
  if (std::ranges::any_of(rows, has_open_end)) table += "  ?: no bound, too few samples or time-outs\n";
  return table;
}

namespace {

/// The columns of the percentiles in a table with rows for steps or requests.
std::string percentile_heads() {
  std::string heads;
  each_quantile(Room::some,
                [&](const Quantile& quantile, std::size_t) { heads += fmt::format("{:>10}", quantile.label); });
  return heads;
}

std::string percentile_cells(const CensoredHistogram& times) {
  std::string cells;
  const TimeSummary summary = summarize(times);
  each_quantile(Room::some, [&](const Quantile&, std::size_t i) {
    cells += fmt::format("{:>10}", short_time(summary.percentiles[i]));
  });
  return cells;
}

std::string offered(const StepResult& step) {
  if (step.from_rate == step.to_rate) return fmt::format("{:g}/s", step.from_rate);
  return fmt::format("{:g}-{:g}/s", step.from_rate, step.to_rate);
}

std::string row(std::size_t number, const StepResult& step, const char* mark) {
  const LoadRecord& record = step.record;
  return fmt::format("{:>4}{:>13}{:>11}{}{:>8}{:>11}{}\n", number, offered(step),
                     fmt::format("{:.1f}/s", step.achieved_rate()), percentile_cells(record.response_time),
                     record.error_count(), short_time(percentile(record.schedule_lag, 0.99)), mark);
}

}  // namespace

std::string step_table(const LoadResult& result) {
  if (result.steps.empty()) return "";
  std::string table = fmt::format("{:>4}{:>13}{:>11}{}{:>8}{:>11}\n", "Step", "offered", "achieved", percentile_heads(),
                                  "errors", "lag p99");
  bool all_valid = true;
  for (std::size_t i = 0; i < result.steps.size(); ++i) {
    const bool step_valid = judge_step(result, i).empty();
    table += row(i + 1, result.steps[i], step_valid ? "" : " !");
    all_valid = all_valid && step_valid;
  }
  return all_valid ? table : table + "  !: not valid\n";
}

namespace {

constexpr std::size_t name_columns = 28;

std::string name_of(const TargetName& target) {
  const std::string name = target.method + " " + target.path;
  return columns_of(name) <= name_columns ? name : name.substr(0, name_columns - 3) + "...";
}

std::string row(const TargetName& target, const TargetTally& tally) {
  return fmt::format("  {:<{}}{:>10}{:>8}{}\n", name_of(target), name_columns, tally.completed, tally.errors,
                     percentile_cells(tally.response_time));
}

}  // namespace

std::string target_table(const LoadResult& result) {
  const std::size_t count = std::min(result.targets.size(), result.record.targets.size());
  if (count == 0) return "";
  std::string table =
      fmt::format("{:<{}}{:>10}{:>8}{}\n", "Request", name_columns + 2, "completed", "errors", percentile_heads());
  for (std::size_t i = 0; i < count; ++i)
    table += row(result.targets[i], result.record.targets[i]);
  return table;
}

namespace {

constexpr std::array<const char*, part_names.size()> row_names{"client queue", "connect", "server queue",
                                                               "backend",      "handler", "transfer"};
constexpr double slow_share = 0.01;
constexpr double still_slow = 0.2;  ///< above it, "the slowest" are too many to be told apart from all

double total(const SplitMean& mean) {
  return std::accumulate(mean.part_ns.begin(), mean.part_ns.end(), 0.0);
}

std::string cells(double part_ns, double total_ns) {
  const double share = total_ns > 0 ? 100 * part_ns / total_ns : 0;
  return fmt::format("{:>12}{:>6.0f} %", short_time(std::chrono::nanoseconds(std::llround(part_ns))), share);
}

std::string row(const char* name, std::size_t part, const SplitMean& all, const SplitMean* slowest) {
  return fmt::format("  {:<22}{}{}\n", name, cells(all.part_ns[part], total(all)),
                     slowest ? "    " + cells(slowest->part_ns[part], total(*slowest)) : "");
}

std::string head(const char* whose, const SplitMean* slowest) {
  const std::string slow = slowest ? fmt::format("slowest {:.2g} %", 100 * slowest->share) : "";
  const std::string line = fmt::format("{:<24}{:>20}{:>24}", "Where the time went", whose, slow);
  return line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
}

}  // namespace

std::string split_table(const SplitTally& split, std::uint64_t responses) {
  if (split.count() == 0) return "";
  const SplitMean all = split.all();
  const SplitMean slow = split.slowest(slow_share);
  const SplitMean* slowest = slow.share <= still_slow ? &slow : nullptr;
  std::string table = head(split.count() < responses ? "successful" : "all responses", slowest);
  for (std::size_t part = 0; part < row_names.size(); ++part) {
    const bool whole_server = split.told_by_server() == 0 && static_cast<Part>(part) == Part::transfer;
    if (all.part_ns[part] > 0) table += row(whole_server ? "server and transfer" : row_names[part], part, all, slowest);
  }
  if (split.told_by_server() > 0 && split.told_by_server() < split.count()) {
    table += fmt::format("  The server reported its parts of {} of {} responses; the rest is in transfer.\n",
                         split.told_by_server(), split.count());
  }
  return table;
}

}  // namespace waitlab::client
