#pragma once

#include <string_view>

namespace waitlab {

/// The page in page/, with its scripts and styles, built into the program (cmake/page.cmake).
extern const std::string_view live_page;

/// The security policy that lets it run, look as it should, and listen to /events, and nothing else.
extern const std::string_view live_page_policy;

}  // namespace waitlab
