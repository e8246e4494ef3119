#include "common/text/text_table.hpp"

#include "common/text/wrap.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace waitlab {
namespace {

using Side = TableColumn::Side;

std::string without_spaces_at_the_end(std::string line) {
  return line.erase(line.find_last_not_of(' ') + 1);
}

std::string cell_text(const std::string& text, Side side, std::size_t width) {
  const std::string padding(width - std::min(width, columns_of(text)), ' ');
  return side == Side::left ? text + padding : padding + text;
}

std::string rule_text(const std::string& title, std::size_t width) {
  const std::string begin = "-- " + title + " ";
  return begin + std::string(width - std::min(width, columns_of(begin)), '-');
}

}  // namespace

void TextTable::add(std::vector<std::string> cells, std::string rest) {
  lines_.push_back({.cells = std::move(cells), .rest = std::move(rest)});
}

void TextTable::add_rule(const std::string& title) {
  lines_.push_back({.cells = {}, .rest = title, .is_rule = true});
}

/// The space between two columns is before a text that stands right, else after the one that stands left.
std::vector<std::size_t> TextTable::least_widths() const {
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    std::size_t widest = 0;
    for (const Line& line : lines_) {
      if (i < line.cells.size()) widest = std::max(widest, columns_of(line.cells[i]));
    }
    const bool last = i + 1 == columns_.size();
    const bool space_is_here = columns_[i].side == Side::right ? i > 0 : !last && columns_[i + 1].side == Side::left;
    widths.push_back(widest + (space_is_here ? 1 : 0));
  }
  return widths;
}

std::vector<std::size_t> TextTable::widths() const {
  const std::vector<std::size_t> least = least_widths();
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < columns_.size(); ++i)
    widths.push_back(std::max(columns_[i].width, least[i]));
  const std::size_t total = std::accumulate(widths.begin(), widths.end(), std::size_t{0});
  std::size_t beyond = total - std::min(total, most_);
  for (std::size_t i = widths.size(); i-- > 0;) {
    const std::size_t cut = std::min(beyond, widths[i] - least[i]);
    widths[i] -= cut;
    beyond -= cut;
  }
  return widths;
}

std::string TextTable::text() const {
  const std::vector<std::size_t> wide = widths();
  const std::size_t total = std::accumulate(wide.begin(), wide.end(), std::size_t{0});
  std::string text;
  for (const Line& line : lines_) {
    std::string cells;
    for (std::size_t i = 0; i < line.cells.size(); ++i)
      cells += cell_text(line.cells[i], columns_[i].side, wide[i]);
    text += without_spaces_at_the_end(line.is_rule ? rule_text(line.rest, total) : cells + line.rest) + "\n";
  }
  return text;
}

}  // namespace waitlab
