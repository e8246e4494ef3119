#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace waitlab::client {

/// The value of a key among "key=value" words, as a part of its word; nothing where none has it.
std::optional<std::string_view> setting_of(const std::vector<std::string>& words, std::string_view key);

/// The whole number that the text is; nothing if it is none.
std::optional<unsigned> whole_number(std::string_view text);

}  // namespace waitlab::client
