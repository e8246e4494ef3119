#pragma once

#include "client/stats/time_summary.hpp"

#include <chrono>
#include <string>

namespace waitlab::client {

/// A duration to three significant digits in a suitable unit, "1.23 ms", "50 us"; seconds with two decimals below 100.
/// Half a digit rounds up. The report page's script writes times in the same way, with µs for us.
std::string short_time(std::chrono::nanoseconds time);

/// A figure about times: "1.23 ms", "> 2.00 s" where it is only known to be at least that, "-" where there is none.
std::string short_time(const TimeFigure& figure);

/// The figure's interval: "50.2 - 51.3 ms", "980 us - 1.2 ms", with ? for an end that has no bound. Empty if neither
/// has one.
std::string interval_text(const TimeFigure& figure);

}  // namespace waitlab::client
