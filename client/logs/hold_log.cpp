#include "client/logs/hold_log.hpp"

#include "client/logs/log_table.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>

namespace waitlab::client {
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

}  // namespace waitlab::client
