#pragma once

#include "client/record/load_record.hpp"

#include <string>

namespace waitlab::client {

/// The percentile distribution of a histogram as an `.hgrm` file, line by line what HdrHistogram's
/// outputPercentileDistribution prints with 5 ticks to each half distance: values in milliseconds (a scaling ratio of
/// 1,000,000), each with the share of the values that are no higher. It can be plotted by HdrHistogram's own tools.
std::string hgrm_text(const HdrHistogram& histogram);

/// The same, with comment lines at its end that tell of timed-out and unfinished requests, if there are any.
std::string hgrm_text(const CensoredHistogram& times);

}  // namespace waitlab::client
