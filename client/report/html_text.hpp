#pragma once

#include <string>
#include <string_view>

namespace waitlab::client {

/// The text as it may stand in HTML, in an element or in a quoted attribute.
std::string escape_html(std::string_view text);

}  // namespace waitlab::client
