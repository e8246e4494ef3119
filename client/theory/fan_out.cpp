#include "client/theory/fan_out.hpp"

#include <cmath>

namespace waitlab::client {

Seconds fan_out_mean(Seconds mean_hold, unsigned calls) {
  double harmonic = 0;
  for (unsigned k = 1; k <= calls; ++k)
    harmonic += 1.0 / k;
  return mean_hold * harmonic;
}

Seconds fan_out_quantile(Seconds mean_hold, unsigned calls, double quantile) {
  return -mean_hold * std::log1p(-std::pow(quantile, 1.0 / calls));
}

}  // namespace waitlab::client
