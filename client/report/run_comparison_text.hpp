#pragma once

#include "client/report/run_comparison.hpp"

#include <string>
#include <vector>

namespace waitlab::client {

/// How the intervals of a comparison came about, in a sentence or two.
std::string method_of(const RunComparison& comparison);

/// What is to be said of a figure: "A's p99 is 2.1 × (1.9–2.3) B's", "no difference shown: 1.02 × (0.97–1.07)", or why
/// nothing can be.
std::string finding_of(const FigureComparison& compared);

/// The comparison for a terminal, of 80 columns: warnings, a line for each of the figures, the method. Ends in a
/// newline.
std::string to_text(const RunComparison& comparison, const std::vector<Metric>& figures);

}  // namespace waitlab::client
