#pragma once

#include "common/clock/unix_clock.hpp"

#include <chrono>
#include <cstddef>
#include <istream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace waitlab::client {

/// Goes through a CSV file whose header line names its columns. A line that lacks values is passed over: a file that is
/// still being written ends anywhere. The stream must outlive it.
class LogTable {
 public:
  /// Reads the header line.
  explicit LogTable(std::istream& log);

  /// The place of a column; nothing if the header does not name it.
  std::optional<std::size_t> column(std::string_view name) const;

  /// Goes to the next whole line, the first at first; false at the end.
  bool next();

  const std::string& text(std::size_t column) const { return values_[column]; }
  /// Nothing where the value is no whole number.
  std::optional<std::chrono::nanoseconds> time(std::size_t column) const;
  std::optional<UnixTime> moment(std::size_t column) const;

 private:
  std::istream& log_;
  std::vector<std::string> names_;
  std::vector<std::string> values_;
  std::string line_;
};

}  // namespace waitlab::client
