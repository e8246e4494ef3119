#include "client/commands/live_view.hpp"

#include "client/commands/terminal.hpp"

#include <fmt/format.h>

#include <sys/ioctl.h>
#include <unistd.h>
#include <algorithm>
#include <cstdlib>
#include <string>
#include <string_view>

namespace waitlab::client {
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

// Row by row: some terminals keep a copy of a screen that is erased as a whole.
LiveView::~LiveView() {
  if (!in_place_) return;
  const std::size_t rows = rows_of(drawn_, current_screen().columns);
  std::string text = up(rows);
  for (std::size_t i = 0; i < rows; ++i)
    text.append(erase_rest_of_line).append("\n");
  say(text + up(rows));
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
  say(text + erase_below);
}

}  // namespace waitlab::client
