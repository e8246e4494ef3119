#include "client/experiment/hold_log.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace waitlab::client {
namespace {

/// The values of one line. Ours hold no quotes: request ids and routes come from the experiment's own client.
std::vector<std::string_view> split(std::string_view line) {
  std::vector<std::string_view> values;
  while (true) {
    const auto comma = line.find(',');
    values.push_back(line.substr(0, comma));
    if (comma == std::string_view::npos) return values;
    line.remove_prefix(comma + 1);
  }
}

std::size_t column(const std::vector<std::string_view>& header, std::string_view name) {
  return static_cast<std::size_t>(std::ranges::find(header, name) - header.begin());
}

std::optional<std::chrono::nanoseconds> read_nanoseconds(std::string_view text) {
  std::int64_t count = 0;
  const char* const end = text.data() + text.size();
  if (text.empty() || std::from_chars(text.data(), end, count).ptr != end) return std::nullopt;
  return std::chrono::nanoseconds(count);
}

}  // namespace

std::vector<Hold> read_holds(std::istream& hold_log) {
  std::string header;
  std::getline(hold_log, header);
  const auto names = split(header);
  const std::size_t arrival = column(names, "arrival_ns");
  const std::size_t held = column(names, "held_ns");
  const std::size_t outcome = column(names, "outcome");
  std::vector<Hold> holds;
  for (std::string line; std::getline(hold_log, line);) {
    const auto values = split(line);
    if (values.size() <= std::max({arrival, held, outcome}) || values[outcome] != "served") continue;
    const auto arrived_at = read_nanoseconds(values[arrival]);
    const auto held_for = read_nanoseconds(values[held]);
    if (arrived_at && held_for) holds.push_back({.arrival = UnixTime(*arrived_at), .held = *held_for});
  }
  return holds;
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
