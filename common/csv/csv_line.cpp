#include "common/csv/csv_line.hpp"

namespace waitlab {
namespace {

/// Takes a quoted value, its opening quote already gone, from the front of `line`.
void take_quoted(std::string_view& line, std::string& value) {
  while (!line.empty()) {
    const char character = line.front();
    line.remove_prefix(1);
    if (character == '"') {
      if (!line.starts_with('"')) return;
      line.remove_prefix(1);
    }
    value += character;
  }
}

}  // namespace

void append_csv_value(std::string& line, std::string_view value) {
  if (value.find_first_of(",\"\r\n") == std::string_view::npos) {
    line += value;
    return;
  }
  line += '"';
  for (const char character : value) {
    if (character == '"') line += '"';
    line += character;
  }
  line += '"';
}

void split_csv_line(std::string_view line, std::vector<std::string>& values) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  std::size_t count = 0;
  for (bool more = true; more; ++count) {
    if (count == values.size()) values.emplace_back();
    std::string& value = values[count];
    value.clear();
    if (line.starts_with('"')) {
      line.remove_prefix(1);
      take_quoted(line, value);
    }
    const std::size_t comma = line.find(',');
    more = comma != std::string_view::npos;
    value += line.substr(0, comma);
    line.remove_prefix(more ? comma + 1 : line.size());
  }
  values.resize(count);
}

}  // namespace waitlab
