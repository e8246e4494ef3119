#include "client/format/result_text.hpp"

#include "client/judge/validity.hpp"
#include "client/stats/time_text.hpp"
#include "common/text/text_table.hpp"
#include "common/text/wrap.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

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

constexpr auto left = TableColumn::Side::left;

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

std::vector<std::string> cells(const Row& row) {
  return {fmt::format("  {}", row.name), short_time(row.response), interval_text(row.response), short_time(row.service),
          interval_text(row.service)};
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
  TextTable table({{9, left}, {15}, {18}, {16}, {18}});
  table.add({"", "response time", interval, "service time", interval});
  for (const Row& row : rows)
    table.add(cells(row));
  std::string text = table.text() + effective_size_text(record.response_time);
  if (std::ranges::any_of(rows, has_open_end)) text += "  ?: no bound, too few samples or time-outs\n";
  return text;
}

namespace {

using Cells = std::vector<std::string>;

constexpr std::size_t percentile_columns = 10;
constexpr std::string_view not_valid = " !";

/// The columns of the percentiles in a table with rows for steps or requests.
std::vector<TableColumn> with_percentiles(std::vector<TableColumn> columns) {
  each_quantile(Room::some, [&](const Quantile&, std::size_t) { columns.push_back({percentile_columns}); });
  return columns;
}

void add_percentile_heads(Cells& cells) {
  each_quantile(Room::some, [&](const Quantile& quantile, std::size_t) { cells.emplace_back(quantile.label); });
}

void add_percentiles(Cells& cells, const CensoredHistogram& times) {
  const TimeSummary summary = summarize(times);
  each_quantile(Room::some,
                [&](const Quantile&, std::size_t i) { cells.push_back(short_time(summary.percentiles[i])); });
}

/// Of a ramp, whose parts begin and end at rates that nobody chose.
std::string rounded(double rate) {
  return rate < 1000 ? fmt::format("{:.4g}", rate) : fmt::format("{:.0f}", rate);
}

std::string offered(const StepResult& step) {
  if (step.from_rate == step.to_rate) return fmt::format("{:g}/s", step.from_rate);
  return fmt::format("{}-{}/s", rounded(step.from_rate), rounded(step.to_rate));
}

Cells step_heads() {
  Cells cells{"Step", "offered", "achieved"};
  add_percentile_heads(cells);
  cells.insert(cells.end(), {"errors", "lag p99"});
  return cells;
}

Cells step_cells(std::size_t number, const StepResult& step) {
  const LoadRecord& record = step.record;
  Cells cells{fmt::to_string(number), offered(step),
              step.has_rate() ? fmt::format("{:.1f}/s", step.achieved_rate()) : "-"};
  add_percentiles(cells, record.response_time);
  cells.push_back(fmt::to_string(record.error_count()));
  cells.push_back(short_time(percentile(record.schedule_lag, 0.99)));
  return cells;
}

}  // namespace

std::string step_table(const LoadResult& result) {
  if (result.steps.empty()) return "";
  std::vector<TableColumn> columns = with_percentiles({{4}, {13}, {11}});
  columns.insert(columns.end(), {{8}, {11}});
  TextTable table(std::move(columns), terminal_columns - not_valid.size());
  table.add(step_heads());
  bool all_valid = true;
  for (std::size_t i = 0; i < result.steps.size(); ++i) {
    const bool step_valid = judge_step(result, i).empty();
    table.add(step_cells(i + 1, result.steps[i]), std::string(step_valid ? "" : not_valid));
    all_valid = all_valid && step_valid;
  }
  return table.text() + (all_valid ? "" : "  !: not valid\n");
}

namespace {

Cells repeat_heads() {
  Cells cells{"Repeat", "seed", "achieved"};
  add_percentile_heads(cells);
  cells.emplace_back("errors");
  return cells;
}

Cells repeat_cells(std::size_t number, const LoadResult& repeat) {
  Cells cells{fmt::to_string(number), repeat.seed ? fmt::to_string(*repeat.seed) : "-",
              repeat.has_rate() ? fmt::format("{:.1f}/s", repeat.achieved_rate()) : "-"};
  add_percentiles(cells, repeat.record.response_time);
  cells.push_back(fmt::to_string(repeat.record.error_count()));
  return cells;
}

}  // namespace

std::string repeat_table(const LoadResult& result) {
  if (result.repeats.empty()) return "";
  std::vector<TableColumn> columns = with_percentiles({{6}, {11}, {13}});
  columns.push_back({8});
  TextTable table(std::move(columns), terminal_columns - not_valid.size());
  table.add(repeat_heads());
  for (std::size_t i = 0; i < result.repeats.size(); ++i) {
    const LoadResult& repeat = result.repeats[i];
    table.add(repeat_cells(i + 1, repeat), std::string(repeat.valid() ? "" : not_valid));
  }
  const bool all_valid = std::ranges::all_of(result.repeats, &LoadResult::valid);
  return table.text() + (all_valid ? "" : "  !: not valid\n");
}

namespace {

Cells worker_heads() {
  Cells cells{"  Worker", "sent", "achieved"};
  add_percentile_heads(cells);
  cells.emplace_back("clock ±");
  return cells;
}

Cells worker_cells(const WorkerPart& worker) {
  Cells cells{"  " + worker.name};
  if (!worker.result) {
    cells.insert(cells.end(), {fmt::to_string(worker.sent), "lost"});
    return cells;
  }
  const LoadResult& result = *worker.result;
  cells.insert(cells.end(), {fmt::to_string(result.record.requests.sent),
                             result.has_rate() ? fmt::format("{:.1f}/s", result.achieved_rate()) : "-"});
  add_percentiles(cells, result.record.response_time);
  cells.push_back(short_time(worker.clock.uncertainty));
  return cells;
}

}  // namespace

std::string worker_table(const LoadResult& result) {
  if (result.workers.empty()) return "";
  std::vector<TableColumn> columns = with_percentiles({{10, left}, {10}, {12}});
  columns.push_back({9});
  TextTable table(std::move(columns), terminal_columns - not_valid.size());
  table.add(worker_heads());
  bool all_valid = true;
  for (const WorkerPart& worker : result.workers) {
    const bool valid = worker.result && worker.result->valid();
    table.add(worker_cells(worker), std::string(valid ? "" : not_valid));
    all_valid = all_valid && valid;
  }
  return table.text() + (all_valid ? "" : "  !: not valid\n");
}

namespace {

constexpr std::size_t name_columns = 28;

std::string name_of(const TargetName& target) {
  const std::string name = target.method + " " + target.path;
  return columns_of(name) <= name_columns ? name : name.substr(0, name_columns - 3) + "...";
}

Cells target_heads() {
  Cells cells{"Request", "completed", "errors"};
  add_percentile_heads(cells);
  return cells;
}

Cells target_cells(const TargetName& target, const TargetTally& tally) {
  Cells cells{"  " + name_of(target), fmt::to_string(tally.completed), fmt::to_string(tally.errors)};
  add_percentiles(cells, tally.response_time);
  return cells;
}

}  // namespace

std::string target_table(const LoadResult& result) {
  const std::size_t count = std::min(result.targets.size(), result.record.targets.size());
  if (count == 0) return "";
  TextTable table(with_percentiles({{name_columns + 2, left}, {10}, {8}}), terminal_columns);
  table.add(target_heads());
  for (std::size_t i = 0; i < count; ++i)
    table.add(target_cells(result.targets[i], result.record.targets[i]));
  return table.text();
}

namespace {

constexpr std::array<const char*, part_names.size()> row_names{"client queue", "connect", "server queue",
                                                               "backend",      "handler", "transfer"};
constexpr double slow_share = 0.01;
constexpr double still_slow = 0.2;  ///< above it, "the slowest" are too many to be told apart from all

double total(const SplitMean& mean) {
  return std::accumulate(mean.part_ns.begin(), mean.part_ns.end(), 0.0);
}

void add_cells(Cells& cells, double part_ns, double total_ns) {
  const double share = total_ns > 0 ? 100 * part_ns / total_ns : 0;
  cells.push_back(short_time(std::chrono::nanoseconds(std::llround(part_ns))));
  cells.push_back(fmt::format("{:.0f} %", share));
}

Cells split_cells(const char* name, std::size_t part, const SplitMean& all, const SplitMean* slowest) {
  Cells cells{fmt::format("  {}", name)};
  add_cells(cells, all.part_ns[part], total(all));
  if (slowest) add_cells(cells, slowest->part_ns[part], total(*slowest));
  return cells;
}

/// Each stands over two columns.
std::string head(const char* whose, const SplitMean* slowest) {
  const std::string slow = slowest ? fmt::format("slowest {:.2g} %", 100 * slowest->share) : "";
  TextTable line({{24, left}, {20}, {24}});
  line.add({"Where the time went", whose, slow});
  return line.text();
}

}  // namespace

std::string split_table(const SplitTally& split, std::uint64_t responses) {
  if (split.count() == 0) return "";
  const SplitMean all = split.all();
  const SplitMean slow = split.slowest(slow_share);
  const SplitMean* slowest = slow.share <= still_slow ? &slow : nullptr;
  std::string text = head(split.count() < responses ? "successful" : "all responses", slowest);
  TextTable table({{24, left}, {12}, {8}, {16}, {8}});
  for (std::size_t part = 0; part < row_names.size(); ++part) {
    const bool whole_server = split.told_by_server() == 0 && static_cast<Part>(part) == Part::transfer;
    if (all.part_ns[part] > 0)
      table.add(split_cells(whole_server ? "server and transfer" : row_names[part], part, all, slowest));
  }
  text += table.text();
  if (split.told_by_server() > 0 && split.told_by_server() < split.count()) {
    text += fmt::format("  The server reported its parts of {} of {} responses; the rest is in transfer.\n",
                        split.told_by_server(), split.count());
  }
  return text;
}

}  // namespace waitlab::client
