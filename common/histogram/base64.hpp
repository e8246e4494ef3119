#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace waitlab {

/// The standard alphabet with padding (RFC 4648, section 4), without line breaks.
std::string to_base64(std::string_view bytes);

/// The bytes, or nothing if the text is not exactly what `to_base64` writes.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace waitlab
