#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace waitlab::client {

/// The ADDRESS:PORT in a line "PREFIX ADDRESS:PORT (anything)" or "PREFIX ADDRESS:PORT"; nothing for any other line.
std::optional<std::string> address_in(std::string_view line, std::string_view prefix);

}  // namespace waitlab::client
