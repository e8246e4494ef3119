#pragma once

#include "client/lessons/lesson.hpp"

#include <string>
#include <vector>

namespace waitlab::client {

/// A thing, and its figure.
struct Bar {
  std::string label;
  Reading reading;
};

/// A line for each: label, a bar as long as its share of the largest, and the figure; at most 80 columns. Values are of
/// one unit, and at least 0.
std::string bars_text(const std::vector<Bar>& bars);

}  // namespace waitlab::client
