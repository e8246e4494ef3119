#include "client/commands/live_history.hpp"

#include "client/stats/time_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>

namespace waitlab::client {
namespace {

using std::chrono::nanoseconds;

constexpr std::size_t chart_rows = 6;
constexpr std::size_t axis_columns = 10;

struct Shade {
  const char* cell;
  const char* colour;
};

/// By how many requests took longer than a mark: none, any, a hundredth, a tenth, half of them.
constexpr std::array<Shade, 5> shades{
    {{" ", "\x1b[0m"}, {"░", "\x1b[31m"}, {"▒", "\x1b[33m"}, {"▓", "\x1b[36m"}, {"█", "\x1b[32m"}}};
constexpr const char* plain = "\x1b[0m";

constexpr std::array<double, 10> tenths{1, 1.25, 1.6, 2, 2.5, 3.2, 4, 5, 6.3, 8};
constexpr std::array<double, 3> thirds{1, 2, 5};
constexpr std::array<double, 2> halves{1, 3};
constexpr std::array<double, 1> decades{1};
/// Scales of marks from fine to coarse: what they are within a decade.
constexpr std::array<std::span<const double>, 4> scales{tenths, thirds, halves, decades};

/// The marks of a scale from the last below `low` to the last below `high`, or `chart_rows` if these are fewer.
std::vector<nanoseconds> marks_between(std::span<const double> scale, nanoseconds low, nanoseconds high) {
  constexpr std::int64_t least_ns = 1'000;
  constexpr std::int64_t most_ns = 100'000'000'000'000;  // more than a day
  std::vector<nanoseconds> marks;
  for (std::int64_t decade = least_ns; decade < most_ns; decade *= 10) {
    for (const double step : scale) {
      const nanoseconds mark(static_cast<std::int64_t>(static_cast<double>(decade) * step));
      if (mark >= high && marks.size() >= chart_rows) return marks;
      if (mark < low) marks.clear();
      marks.push_back(mark);
    }
  }
  return marks;
}

}  // namespace

void LiveHistory::add(const LoadProgress& progress) {
  for (; seen_ < progress.seconds; ++seen_) {
    std::optional<Second> second;
    const bool newest = seen_ + 1 == progress.seconds;
    if (newest && progress.last_second && progress.last_second->values.count() > 0) {
      const HdrHistogram& times = progress.last_second->values;
      second = Second{times.value_at(0.50), times.value_at(0.90), times.value_at(0.99), times.max()};
    }
    seconds_.push_back(second);
    if (seconds_.size() > most_seconds) seconds_.pop_front();
  }
}

bool LiveHistory::empty() const noexcept {
  return std::none_of(seconds_.begin(), seconds_.end(), [](const auto& second) { return second.has_value(); });
}

std::vector<nanoseconds> LiveHistory::marks() const {
  nanoseconds low = nanoseconds::max();
  nanoseconds high{0};
  for (const auto& second : seconds_) {
    if (!second) continue;
    low = std::min(low, second->p50);
    high = std::max(high, second->max);
  }
  std::vector<nanoseconds> marks;
  for (const auto& scale : scales) {
    marks = marks_between(scale, low, high);
    if (marks.size() <= chart_rows) return marks;
  }
  return {marks.end() - chart_rows, marks.end()};
}

std::size_t LiveHistory::shade(const std::optional<Second>& second, nanoseconds mark) {
  if (!second) return 0;
  const std::array<nanoseconds, 4> steps{second->max, second->p99, second->p90, second->p50};
  return static_cast<std::size_t>(
      std::count_if(steps.begin(), steps.end(), [mark](nanoseconds time) { return time > mark; }));
}

std::string LiveHistory::row(nanoseconds mark, std::size_t cells, bool colour) const {
  const std::size_t shown = std::min(cells, seconds_.size());
  std::string line = fmt::format("{:>{}} ", fmt::format("> {}", short_time(mark)), axis_columns - 1);
  line.append(cells - shown, ' ');
  std::size_t last = 0;
  for (auto second = seconds_.end() - static_cast<std::ptrdiff_t>(shown); second != seconds_.end(); ++second) {
    const std::size_t now = shade(*second, mark);
    if (colour && now != last) line += shades[now].colour;
    line += shades[now].cell;
    last = now;
  }
  return colour ? line + plain : line;
}

std::vector<std::string> LiveHistory::chart(std::size_t columns, bool colour) const {
  if (empty()) return {};
  const std::size_t cells = std::min(most_seconds, columns - axis_columns);
  const std::vector<nanoseconds> scale = marks();
  std::vector<std::string> lines;
  for (auto mark = scale.rbegin(); mark != scale.rend(); ++mark)
    lines.push_back(row(*mark, cells, colour));
  const std::string oldest = fmt::format("{} s ago", cells);
  lines.push_back(fmt::format("{:{}}{}{:>{}}", "", axis_columns, oldest, "now", cells - oldest.size()));
  lines.emplace_back("Share of each second: █ half ▓ 10 % ▒ 1 % ░ any");
  return lines;
}

}  // namespace waitlab::client
