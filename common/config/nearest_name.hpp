#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace waitlab {

/// The candidate that `name` is most likely a misspelling of, or nothing if none is near. Near means at most a third of
/// its letters, and no more than four, changed, added, left out or swapped, case aside; failing that, a candidate that
/// `name` begins. Of equals the first wins.
std::optional<std::string> nearest_name(std::string_view name, const std::vector<std::string>& candidates);

}  // namespace waitlab
