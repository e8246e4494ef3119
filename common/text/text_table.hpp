#pragma once

#include <cstddef>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace waitlab {

/// A column of a table: at least as wide as this, the space that sets it apart included.
struct TableColumn {
  enum class Side { left, right };

  std::size_t width = 0;
  Side side = Side::right;  ///< where its texts stand
};

/// A table for a terminal whose columns never touch: one that its texts fill becomes wider, in all lines; if the table
/// is then wider than `most`, others become as narrow as their texts allow, the last ones first. Not thread-safe.
class TextTable {
 public:
  explicit TextTable(std::vector<TableColumn> columns, std::size_t most = std::numeric_limits<std::size_t>::max())
      : columns_(std::move(columns)), most_(most) {}

  /// Adds a line: a text for each column, or for the first ones only. `rest` follows as it is, and may have lines of
  /// its own.
  void add(std::vector<std::string> cells, std::string rest = "");
  /// Adds a line of dashes from end to end, with a title in it.
  void add_rule(const std::string& title);

  /// All lines, without spaces at their ends; each ends in a newline.
  std::string text() const;

 private:
  struct Line {
    std::vector<std::string> cells;
    std::string rest;
    bool is_rule = false;
  };

  std::vector<std::size_t> least_widths() const;
  std::vector<std::size_t> widths() const;

  std::vector<TableColumn> columns_;
  std::size_t most_;
  std::vector<Line> lines_;
};

}  // namespace waitlab
