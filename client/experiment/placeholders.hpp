#pragma once

#include <map>
#include <string>

namespace waitlab::client {

/// Names, without their braces, and what stands for them.
using Placeholders = std::map<std::string, std::string>;

/// The text with each `{name}` that is one of these names replaced. Other braces stay as they are.
std::string fill_placeholders(const std::string& text, const Placeholders& placeholders);

}  // namespace waitlab::client
