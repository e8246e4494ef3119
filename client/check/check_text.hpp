#pragma once

#include "client/check/check_report.hpp"

#include <string>

namespace waitlab::client {

/// The report as a table for a terminal of 80 columns, with what it stands on beneath. Ends in a newline.
std::string check_text(const CheckReport& report);

}  // namespace waitlab::client
