#pragma once

#include "client/report/comparison.hpp"

#include <optional>
#include <string>

namespace waitlab::client {

/// A metric's value as tables show it, without its unit: as many digits as it deserves.
std::string format_value(Metric metric, double value);

/// The median as tables show it: "233", ">5000" where only a lower bound is known, "-" where there is none.
std::string format_median(Metric metric, const std::optional<Spread>& spread);

/// "229–241", or nothing where the repeats agree or there is only one.
std::string format_range(Metric metric, const std::optional<Spread>& spread);

/// A level inside a sentence: "160/s", "0.5/s", "64 connections".
std::string format_level(const Level& level);

}  // namespace waitlab::client
