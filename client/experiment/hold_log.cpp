#include "client/experiment/hold_log.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
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

template <class Number>
std::optional<Number> read_number(std::string_view text, int base) {
  Number number{};
  const auto end = text.data() + text.size();
  if (std::from_chars(text.data(), end, number, base).ptr != end || text.empty()) return std::nullopt;
  return number;
}

struct Sum {
  double nanoseconds = 0;
  double count = 0;
};

}  // namespace

std::map<std::uint64_t, std::chrono::nanoseconds> mean_holds(std::istream& hold_log) {
  std::string header;
  std::getline(hold_log, header);
  const auto names = split(header);
  const std::size_t id = column(names, "request_id");
  const std::size_t held = column(names, "held_ns");
  const std::size_t outcome = column(names, "outcome");
  std::map<std::uint64_t, Sum> sums;
  for (std::string line; std::getline(hold_log, line);) {
    const auto values = split(line);
    if (values.size() <= std::max({id, held, outcome}) || values[outcome] != "served") continue;
    const auto seed = read_number<std::uint64_t>(values[id].substr(0, values[id].find('-')), 16);
    const auto nanoseconds = read_number<std::int64_t>(values[held], 10);
    if (!seed || !nanoseconds) continue;
    Sum& sum = sums[*seed];
    sum.nanoseconds += static_cast<double>(*nanoseconds);
    ++sum.count;
  }
  std::map<std::uint64_t, std::chrono::nanoseconds> means;
  for (const auto& [seed, sum] : sums)
    means[seed] = std::chrono::nanoseconds(std::llround(sum.nanoseconds / sum.count));
  return means;
}

}  // namespace waitlab::client
