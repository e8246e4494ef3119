#include "common/delay/recording.hpp"

#include "common/config/units.hpp"
#include "common/csv/csv_line.hpp"
#include "common/text/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string_view>
#include <system_error>

namespace waitlab {
namespace {

using std::chrono::nanoseconds;

/// A delay on each line, or the values of a column.
class RecordingReader {
 public:
  explicit RecordingReader(std::string column) : column_(std::move(column)) {}

  /// Takes the next line of the file.
  Result<void> take(std::string_view line) {
    if (++lines_ == 1 && line.find(',') != std::string_view::npos) return take_header(line);
    const std::string_view text = trimmed(line);
    if (text.empty()) return {};
    if (!names_.empty()) return take_row(line);
    const auto delay = parse_duration(text);
    if (!delay) return delay.error();
    delays_.push_back(*delay);
    return {};
  }

  std::size_t lines() const { return lines_; }
  std::vector<nanoseconds> delays() && { return std::move(delays_); }

 private:
  std::optional<std::size_t> find(std::string_view name) const {
    const auto found = std::ranges::find(names_, name);
    if (found == names_.end()) return std::nullopt;
    return static_cast<std::size_t>(found - names_.begin());
  }

  Result<void> take_header(std::string_view line) {
    split_csv_line(line, names_);
    value_ = find(column_);
    outcome_ = find("outcome");
    if (value_) return {};
    return Failure{
        fmt::format("has no column {}: give a hold log, or a file with a delay such as 50ms on each line", column_)};
  }

  Result<void> take_row(std::string_view line) {
    split_csv_line(line, values_);
    if (values_.size() != names_.size())
      return Failure{fmt::format("has {} values for {} columns", values_.size(), names_.size())};
    if (outcome_ && values_[*outcome_] != "served") return {};
    const std::string& text = values_[*value_];
    std::int64_t count = -1;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (error != std::errc() || end != text.data() + text.size() || count < 0)
      return Failure{fmt::format("{} is \"{:.40}\", which is no whole number of nanoseconds", column_, text)};
    delays_.emplace_back(count);
    return {};
  }

  std::string column_;
  std::vector<std::string> names_;   // of the columns, if it is CSV
  std::vector<std::string> values_;  // of the line
  std::optional<std::size_t> value_;
  std::optional<std::size_t> outcome_;
  std::vector<nanoseconds> delays_;
  std::size_t lines_ = 0;
};

}  // namespace

Result<std::vector<nanoseconds>> read_recording(const std::string& path, const std::string& column) {
  std::error_code ignored;
  if (std::filesystem::exists(path, ignored) && !std::filesystem::is_regular_file(path, ignored))
    return Failure{path + " is no file; give the path of one with a delay on each line"};
  errno = 0;
  std::ifstream file(path);
  if (!file) return Failure{fmt::format("{} cannot be opened: {}", path, std::generic_category().message(errno))};
  RecordingReader reader(column);
  for (std::string line; std::getline(file, line);) {
    if (line.ends_with('\r')) line.pop_back();
    if (const auto taken = reader.take(line); !taken)
      return Failure{fmt::format("{}:{}: {}", path, reader.lines(), taken.error().message)};
  }
  if (file.bad()) return Failure{fmt::format("{} cannot be read: {}", path, std::generic_category().message(errno))};
  std::vector<nanoseconds> delays = std::move(reader).delays();
  if (delays.empty()) return Failure{path + " holds no delay; give a file with one on each line, such as 50ms"};
  return delays;
}

}  // namespace waitlab
