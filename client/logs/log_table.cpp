#include "client/logs/log_table.hpp"

#include "common/csv/csv_line.hpp"

#include <algorithm>
#include <charconv>

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

}  // namespace waitlab::client
