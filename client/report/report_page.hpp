#pragma once

#include <string_view>

namespace waitlab {

/// The page in page/, with its scripts, styles and Chart.js, built into the program (cmake/page.cmake). Places for
/// `fill_template`: title, question, verdict, warnings, version, data.
extern const std::string_view report_page;

}  // namespace waitlab
