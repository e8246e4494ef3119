#include "client/logs/request_logs.hpp"

#include "common/csv/csv_line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <utility>

namespace waitlab::client {

LogTable::LogTable(std::istream& log) : log_(log) {
  std::getline(log_, line_);
  split_csv_line(line_, names_);
}

std::optional<std::size_t> LogTable::column(std::string_view name) const {
  const auto found = std::find(names_.begin(), names_.end(), name);
  if (found == names_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - names_.begin());
}

bool LogTable::next() {
  while (std::getline(log_, line_)) {
    // Without its end, even the last value may be cut short.
    if (log_.eof()) return false;
    split_csv_line(line_, values_);
    if (values_.size() == names_.size()) return true;
  }
  return false;
}

std::optional<std::chrono::nanoseconds> LogTable::time(std::size_t column) const {
  const std::string& text = values_[column];
  const char* const end = text.data() + text.size();
  std::int64_t count = 0;
  if (text.empty() || std::from_chars(text.data(), end, count).ptr != end) return std::nullopt;
  return std::chrono::nanoseconds(count);
}

std::optional<UnixTime> LogTable::moment(std::size_t column) const {
  const auto since_epoch = time(column);
  if (!since_epoch) return std::nullopt;
  return UnixTime(*since_epoch);
}

namespace {

std::optional<std::vector<Hold>> read(std::istream& hold_log) {
  LogTable table(hold_log);
  const auto id = table.column("request_id");
  const auto arrival = table.column("arrival_ns");
  const auto queued = table.column("queued_ns");
  const auto held = table.column("held_ns");
  const auto outcome = table.column("outcome");
  if (!id || !arrival || !queued || !held || !outcome) return std::nullopt;
  std::vector<Hold> holds;
  while (table.next()) {
    const auto arrived_at = table.moment(*arrival);
    const auto queued_for = table.time(*queued);
    const auto held_for = table.time(*held);
    if (table.text(*outcome) != "served" || !arrived_at || !queued_for || !held_for) continue;
    holds.push_back({.request_id = table.text(*id), .arrival = *arrived_at, .queued = *queued_for, .held = *held_for});
  }
  return holds;
}

}  // namespace

std::vector<Hold> read_holds(std::istream& hold_log) {
  return read(hold_log).value_or(std::vector<Hold>());
}

Result<std::vector<Hold>> read_hold_log(const std::string& path) {
  std::ifstream file(path);
  if (!file || std::filesystem::is_directory(path)) return Failure{fmt::format("{} cannot be read", path)};
  auto holds = read(file);
  if (!holds) return Failure{fmt::format("{} is no hold log: give the file of the backend's profile.hold_log", path)};
  return std::move(*holds);
}

std::optional<std::chrono::nanoseconds> mean_hold(const std::vector<Hold>& holds, UnixTime begin, UnixTime end) {
  std::chrono::nanoseconds sum{0};
  std::int64_t count = 0;
  for (const Hold& hold : holds) {
    if (hold.arrival < begin || hold.arrival > end) continue;
    sum += hold.held;
    ++count;
  }
  if (count == 0) return std::nullopt;
  return sum / count;
}

Result<std::vector<LoggedRequest>> read_server_log(const std::string& path) {
  std::ifstream file(path);
  if (!file || std::filesystem::is_directory(path)) return Failure{fmt::format("{} cannot be read", path)};
  return read_server_log(file, path);
}

namespace {

/// The facts in the lines of a log. They hardly ever change from one to the next, and are shared.
class FactsColumns {
 public:
  explicit FactsColumns(const LogTable& table) : table_(table) {
    for (const std::string_view name : facts_columns()) {
      if (const auto column = table.column(name)) columns_.push_back(*column);
    }
  }

  /// Of the line the table is at; null where it does not tell them.
  std::shared_ptr<const StrategyFacts> here() {
    std::vector<std::string> values;
    for (const std::size_t column : columns_)
      values.push_back(table_.text(column));
    if (values == values_) return facts_;
    values_ = std::move(values);
    const auto facts = parse_facts_values(values_);
    facts_ = facts ? std::make_shared<const StrategyFacts>(*facts) : nullptr;
    return facts_;
  }

 private:
  const LogTable& table_;
  std::vector<std::size_t> columns_;
  std::vector<std::string> values_;  ///< of the line before
  std::shared_ptr<const StrategyFacts> facts_;
};

}  // namespace

Result<std::vector<LoggedRequest>> read_server_log(std::istream& log, const std::string& name) {
  LogTable table(log);
  const auto id = table.column("request_id");
  const auto enqueued = table.column("enqueued_ns");
  const auto started = table.column("started_ns");
  const auto ended = table.column("ended_ns");
  const auto status = table.column("status");
  const auto strategy = table.column("strategy");
  if (!id || !enqueued || !started || !ended || !status || !strategy) {
    return Failure{fmt::format("{} is no request log: give the file of the server's telemetry.request_log", name)};
  }
  std::vector<LoggedRequest> requests;
  FactsColumns facts(table);
  while (table.next()) {
    const auto enqueued_at = table.moment(*enqueued);
    const auto ended_at = table.moment(*ended);
    if (!enqueued_at || !ended_at) continue;
    LoggedRequest& request = requests.emplace_back();
    request.request_id = table.text(*id);
    request.enqueued = *enqueued_at;
    request.started = table.moment(*started);
    request.ended = *ended_at;
    request.strategy = table.text(*strategy);
    request.facts = facts.here();
    const std::string& text = table.text(*status);
    std::from_chars(text.data(), text.data() + text.size(), request.status);
  }
  return requests;
}

std::optional<ClientRequestId> parse_client_request_id(std::string_view id) {
  constexpr std::size_t number_digits = 12;
  const auto dash = id.find('-');
  if (dash == std::string_view::npos || dash == 0 || id.size() - dash - 1 != number_digits) return std::nullopt;
  ClientRequestId parsed{.seed = id.substr(0, dash)};
  const char* const end = id.data() + id.size();
  if (std::from_chars(id.data() + dash + 1, end, parsed.number).ptr != end) return std::nullopt;
  return parsed;
}

}  // namespace waitlab::client
