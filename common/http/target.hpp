#pragma once

#include "common/result.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace waitlab {

/// The path of an origin-form target: all before the query. Not percent-decoded.
std::string_view target_path(std::string_view target);

/// The query's parameters in order, percent-decoded. A malformed escape is a Failure.
Result<std::vector<std::pair<std::string, std::string>>> target_parameters(std::string_view target);

}  // namespace waitlab
