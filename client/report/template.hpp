#pragma once

#include <map>
#include <string>
#include <string_view>

namespace waitlab::client {

/// The template with every {{name}} replaced by its value, as it stands: values must be HTML already. A name without a
/// value throws std::out_of_range, since it is a fault of the program and not of its user.
std::string fill_template(std::string_view page, const std::map<std::string, std::string, std::less<>>& values);

}  // namespace waitlab::client
