#pragma once

#include <map>
#include <string>
#include <vector>

namespace waitlab::client {

/// Names, without their braces, and what stands for them.
using Placeholders = std::map<std::string, std::string>;

/// The text with each `{name}` that is one of these names replaced. Other braces stay as they are.
std::string fill_placeholders(const std::string& text, const Placeholders& placeholders);

/// What stands in braces in the text and is none of these names; of nested braces the inner ones.
std::vector<std::string> other_names_in_braces(const std::string& text, const Placeholders& placeholders);

}  // namespace waitlab::client
