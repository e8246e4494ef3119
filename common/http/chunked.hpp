#pragma once

#include <cstddef>

namespace waitlab {

/// Wherever a chunked body stands, at least "0\r\n\r\n" is still to come. Beast 1.81 asserts as much when it is shown
/// the last chunk a second time, so it is shown no less.
inline constexpr std::size_t shortest_chunked_rest = 5;

}  // namespace waitlab
