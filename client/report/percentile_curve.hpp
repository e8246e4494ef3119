#pragma once

#include "client/record/load_record.hpp"

#include <chrono>
#include <vector>

namespace waitlab::client {

/// A share of the requests, in [0, 1), and the time that this share did not exceed.
struct CurvePoint {
  double quantile = 0;
  std::chrono::nanoseconds time{0};
};

using PercentileCurve = std::vector<CurvePoint>;

/// The response times at quantiles from 0 on, ten to each further nine; 50, 75, 90, 95, 99, 99.5, 99.9 % and so on are
/// among them. It ends where the samples do: at the last quantile that they carry (`percentile`) and of which more is
/// known than a lower bound.
PercentileCurve percentile_curve(const CensoredHistogram& times);

}  // namespace waitlab::client
