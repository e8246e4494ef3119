#pragma once

#include <ctime>
#include <string>

namespace waitlab {

/// Appends the value of the Date field (IMF-fixdate, RFC 9110 section 5.6.7) for `now`. Each thread formats it once a
/// second and keeps the text. Thread-safe.
void append_http_date(std::string& out, std::time_t now);

}  // namespace waitlab
