#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace waitlab {

/// Appends one value of a CSV line (RFC 4180), quoted if it would otherwise break the line apart. The commas between
/// values are the caller's.
void append_csv_value(std::string& line, std::string_view value);

/// The values of one CSV line without its line end. `values` is reused, so that reading many lines allocates little.
/// A value that goes on in the next line is not understood.
void split_csv_line(std::string_view line, std::vector<std::string>& values);

}  // namespace waitlab
