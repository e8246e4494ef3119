#pragma once

#include <string_view>

namespace waitlab::client {

/// The text of report.html in this folder, built into the program.
extern const std::string_view report_page;

}  // namespace waitlab::client
