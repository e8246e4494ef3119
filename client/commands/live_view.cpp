#include "client/commands/live_view.hpp"

#include "client/commands/terminal.hpp"
#include "client/stats/time_text.hpp"
#include "common/clock/seconds.hpp"
#include "common/process/standard_streams.hpp"
#include "common/text/wrap.hpp"

#include <fmt/format.h>

#include <sys/ioctl.h>
#include <unistd.h>
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <string>
#include <string_view>

namespace waitlab::client {
namespace {

using Lines = std::vector<std::string>;

constexpr std::size_t label_columns = 10;
constexpr std::size_t least_chart_columns = 48;

/// The first characters of a line without escape sequences.
std::string cut(const std::string& line, std::size_t columns) {
  std::size_t end = 0;
  for (std::size_t used = 0; end < line.size(); ++end) {
    const bool begins_character = columns_of(std::string_view(line).substr(end, 1)) == 1;
    if (begins_character && ++used > columns) break;
  }
  return line.substr(0, end);
}

/// Adds a labelled line, or several if it does not fit.
void add(Lines& lines, std::string_view label, std::string_view text, std::size_t columns) {
  std::string rest = fmt::format("{:<{}}", label, label_columns) + wrap(text, columns, label_columns);
  while (!rest.empty()) {
    const auto end = rest.find('\n');
    lines.push_back(cut(rest.substr(0, end), columns));
    rest.erase(0, end + 1);
  }
}

std::string bar(double share, std::size_t columns) {
  const auto done = static_cast<std::size_t>(std::clamp(share, 0.0, 1.0) * static_cast<double>(columns));
  std::string text;
  for (std::size_t i = 0; i < columns; ++i)
    text += i < done ? "━" : "╌";
  return text;
}

std::string time_gone(const LoadProgress& progress, std::size_t columns) {
  constexpr std::size_t longest_bar = 40;
  const double elapsed = seconds(progress.elapsed);
  if (!progress.planned) return fmt::format("{:.1f} s", elapsed);
  const double planned = seconds(*progress.planned);
  const std::string text = fmt::format("{:.1f} of {:.0f} s", elapsed, planned);
  const std::size_t others = label_columns + text.size() + 2;
  if (columns <= others) return text;
  return fmt::format("{}  {}", bar(planned > 0 ? elapsed / planned : 1, std::min(longest_bar, columns - others)), text);
}

std::string rate(const LoadProgress& progress, const std::optional<double>& per_second) {
  const std::string now = rate_text(per_second) + " completed";
  return progress.offered_rate ? fmt::format("{}, {:.0f}/s offered", now, *progress.offered_rate) : now;
}

std::string times(const CensoredHistogram* so_far) {
  if (!so_far) return "nothing measured yet";
  const TimeSummary summary = summarize(*so_far);
  std::string text;
  each_quantile(Room::some, [&](const Quantile& quantile, std::size_t i) {
    text += fmt::format("{} {}, ", quantile.label, short_time(summary.percentiles[i]));
  });
  return text + "max " + short_time(summary.max);
}

void alert(std::string& line) {
  line = fmt::format("\x1b[31m{}\x1b[0m", line);
}

}  // namespace

std::size_t visible_columns(std::string_view line) {
  std::size_t columns = columns_of(line);
  for (auto begin = line.find('\x1b'); begin != std::string_view::npos; begin = line.find('\x1b', begin + 1))
    columns -= line.find('m', begin) + 1 - begin;
  return columns;
}

Lines live_frame(const LoadProgress& progress, const std::optional<double>& per_second, const LiveHistory& history,
                 const Screen& screen) {
  const std::size_t columns = screen.columns;
  Lines lines;
  add(lines, progress.phase_name(), time_gone(progress, columns), columns);
  add(lines, "Rate", rate(progress, per_second), columns);
  add(lines, "Requests", fmt::format("{} completed, {} in flight", progress.completed, progress.in_flight), columns);
  add(lines, "Errors", std::to_string(progress.errors), columns);
  if (screen.colour && progress.errors > 0) alert(lines.back());
  add(lines, "Response", times(progress.so_far), columns);
  const Lines chart = columns >= least_chart_columns ? history.chart(columns, screen.colour) : Lines();
  if (!chart.empty() && lines.size() + chart.size() + 1 < screen.rows) {
    lines.emplace_back();
    lines.insert(lines.end(), chart.begin(), chart.end());
  }
  lines.resize(std::min(lines.size(), std::max<std::size_t>(screen.rows, 2) - 1));
  return lines;
}

namespace {

constexpr const char* erase_below = "\x1b[J";
constexpr const char* erase_rest_of_line = "\x1b[K";

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

Screen current_screen() {
  Screen screen;
  screen.colour = environment("NO_COLOR").empty();
  winsize size{};
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 0) {
    screen.columns = size.ws_col;
    screen.rows = size.ws_row;
  }
  return screen;
}

/// How many rows of the terminal lines of these widths take, also if it has become narrower since and broke them.
std::size_t rows_of(const std::vector<std::size_t>& widths, std::size_t columns) {
  std::size_t rows = 0;
  for (const std::size_t width : widths)
    rows += std::max<std::size_t>(1, (width + columns - 1) / columns);
  return rows;
}

std::string up(std::size_t rows) {
  return rows > 0 ? fmt::format("\x1b[{}F", rows) : "";
}

}  // namespace

LiveView::LiveView(bool allow_tui) : in_place_(allow_tui && stderr_can_redraw()) {}

LiveView::~LiveView() {
  erase();
}

void LiveView::tell(const std::string& line) {
  erase();
  say(line + "\n");
}

// Row by row: some terminals keep a copy of a screen that is erased as a whole.
void LiveView::erase() {
  if (!in_place_) return;
  const std::size_t rows = rows_of(drawn_, current_screen().columns);
  std::string text = up(rows);
  for (std::size_t i = 0; i < rows; ++i)
    text.append(erase_rest_of_line).append("\n");
  say(text + up(rows));
  drawn_.clear();
}

void LiveView::show(const LoadProgress& progress) {
  if (in_place_) {
    redraw(progress);
  } else {
    line_.show(progress);
  }
}

void LiveView::redraw(const LoadProgress& progress) {
  const Screen screen = current_screen();
  rate_.renew(progress);
  history_.add(progress);
  std::string text = up(rows_of(drawn_, screen.columns));
  drawn_.clear();
  for (const std::string& line : live_frame(progress, rate_.per_second(), history_, screen)) {
    text.append(line).append(erase_rest_of_line).append("\n");
    drawn_.push_back(visible_columns(line));
  }
  say(for_locale(text) + erase_below);
}

}  // namespace waitlab::client
